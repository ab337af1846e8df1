package io.millrace.log.server.disk;

import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to through the page cache, and made durable by {@code fdatasync}.
 *
 * <p>After one failed sync every later {@link #append} and {@link #sync} fails too: the kernel of the operating system
 * may have dropped the dirty pages, and would report the next sync as done.
 */
final class RealFile implements DiskFile {

    private static final long REWRITE_BYTES = 256 * 1024;

    private final String path;
    private final FileHandle handle;
    private final @Nullable SpaceReserve reserve;
    private long size;
    private boolean closed;

    /** @param reserve of the device, for a file that is not to use it up; else null */
    RealFile(String path, FileHandle handle, long size, @Nullable SpaceReserve reserve) {
        this.path = path;
        this.handle = handle;
        this.size = size;
        this.reserve = reserve;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void append(ByteBuffer bytes) {
        refuseIfBroken("append to");
        long position = size;
        try {
            if (reserve != null) {
                reserve.take(bytes.remaining());
            }
            while (bytes.hasRemaining()) {
                position += handle.channel().write(bytes, position);
            }
        } catch (IOException e) {
            throw DiskErrors.failed("append to", handle.path(), e);
        } finally {
            // What was written in part is there: who appends can cut it off.
            size = position;
        }
    }

    @Override
    public int read(ByteBuffer into, long position) {
        try {
            return readFully(handle.channel(), into, position);
        } catch (IOException e) {
            throw DiskErrors.broken("read", handle.path(), e);
        }
    }

    @Override
    public void truncate(long newSize) {
        refuseIfBroken("truncate");
        try {
            handle.channel().truncate(newSize);
        } catch (IOException e) {
            throw DiskErrors.failed("truncate", handle.path(), e);
        }
        size = Math.min(size, newSize);
    }

    @Override
    public void rewrite(long from) {
        refuseIfBroken("rewrite");
        ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(REWRITE_BYTES, Math.max(0, size - from)));
        long position = from;
        try {
            while (position < size) {
                int length = readFully(handle.channel(), piece.clear(), position);
                piece.flip();
                while (piece.hasRemaining()) {
                    handle.channel().write(piece, position + piece.position());
                }
                position += length;
            }
        } catch (IOException e) {
            throw DiskErrors.failed("rewrite", handle.path(), e);
        }
    }

    @Override
    public void sync() {
        if (!handle.tryRetain()) {
            throw DiskErrors.broken("sync", handle.path(), new ClosedChannelException());
        }
        try {
            refuseIfBroken("sync");
            handle.channel().force(false);
        } catch (IOException e) {
            handle.markBroken();
            throw DiskErrors.broken("sync", handle.path(), e);
        } finally {
            handle.release();
        }
    }

    @Override
    public Region region(long position, int length) {
        if (position < 0 || length < 0 || position + length > size) {
            throw new IndexOutOfBoundsException(position + "+" + length + " in a file of " + size + " bytes");
        }
        if (!handle.tryRetain()) {
            throw DiskErrors.broken("read", handle.path(), new ClosedChannelException());
        }
        return new RealRegion(handle, position, length);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            handle.release();
        }
    }

    static int readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        int total = 0;
        while (into.hasRemaining()) {
            int count = channel.read(into, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    private void refuseIfBroken(String action) {
        if (handle.broken()) {
            throw DiskErrors.broken(action, handle.path(), new IOException("an earlier sync of this file failed"));
        }
    }
}
