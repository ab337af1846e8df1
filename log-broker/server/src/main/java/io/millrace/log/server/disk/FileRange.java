package io.millrace.log.server.disk;

import io.millrace.log.disk.Region;
import java.nio.channels.FileChannel;

/** A {@link Region} of a real file, open to whoever can send it without reading it. */
public interface FileRange extends Region {

    /** The channel of the file; it stays open until the region is released, and is not to be closed by the caller. */
    FileChannel channel();

    /** Where the region begins in the file, in bytes. */
    long position();
}
