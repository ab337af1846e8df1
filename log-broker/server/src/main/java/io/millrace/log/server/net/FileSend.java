package io.millrace.log.server.net;

import io.millrace.log.server.disk.FileRange;
import io.netty.channel.DefaultFileRegion;

/** A range of a file on its way to a socket by sendfile; releases the range where Netty would close the file. */
final class FileSend extends DefaultFileRegion {

    private final FileRange range;

    FileSend(FileRange range) {
        super(range.channel(), range.position(), range.size());
        this.range = range;
    }

    @Override
    protected void deallocate() {
        range.release();
    }
}
