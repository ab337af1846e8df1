package io.millrace.log.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** Holds the file's descriptor. Used by one thread at a time, though not always by the loop that made it. */
final class RealRegion implements FileRange {

    private final FileHandle handle;
    private final long position;
    private final int size;
    private final AtomicBoolean released = new AtomicBoolean();

    RealRegion(FileHandle handle, long position, int size) {
        this.handle = handle;
        this.position = position;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public FileChannel channel() {
        return handle.channel();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public int read(ByteBuffer into, int offset) {
        if (offset < 0 || offset > size) {
            throw new IndexOutOfBoundsException("offset " + offset + " of a region of " + size + " bytes");
        }
        int limit = into.limit();
        into.limit(into.position() + Math.min(into.remaining(), size - offset));
        try {
            return RealFile.readFully(handle.channel(), into, position + offset);
        } catch (IOException e) {
            throw DiskErrors.broken("read", handle.path(), e);
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public void release() {
        if (!released.compareAndSet(false, true)) {
            throw new IllegalStateException("region released twice: " + handle.path() + " at " + position);
        }
        handle.release();
    }
}
