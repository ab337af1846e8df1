package io.millrace.log.disk;

import java.nio.ByteBuffer;

/** An open file that grows at its end. See {@link Disk} for durability, threads and errors. */
public interface DiskFile extends AutoCloseable {

    String path();

    /** Length in bytes, everything appended so far included. */
    long size();

    /** Appends all remaining bytes of {@code bytes}, whose position moves to its limit. */
    void append(ByteBuffer bytes);

    /**
     * Reads from {@code position} until {@code into} is full or the file ends.
     *
     * @return the number of bytes read; 0 at the end of the file
     */
    int read(ByteBuffer into, long position);

    /** Cuts the file to {@code size} bytes. */
    void truncate(long size);

    /**
     * Writes all bytes from {@code position} on once more, in place. Of a sync that failed, in this process or an
     * earlier one, the operating system may keep bytes as written that never reached the disk; the next sync covers
     * them only after this.
     */
    void rewrite(long position);

    /** Blocks until everything appended before the call is durable. The only call made from another thread. */
    void sync();

    /**
     * A handle on bytes that were appended, to be sent without being read by the kernel. The file's descriptor stays
     * open until the region is released, even if the file is closed or deleted meanwhile.
     */
    Region region(long position, int length);

    @Override
    void close();
}
