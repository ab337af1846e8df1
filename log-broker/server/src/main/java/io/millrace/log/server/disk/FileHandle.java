package io.millrace.log.server.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One descriptor and the count of those who need it: the open file, each region not yet sent, and a sync under way. The
 * last to let go closes it, on whatever thread that is.
 */
final class FileHandle {

    private final FileChannel channel;
    private final Path path;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Set by the first failed write or sync. What the page cache holds is unknown from then on. */
    private volatile boolean broken;

    FileHandle(FileChannel channel, Path path) {
        this.channel = channel;
        this.path = path;
    }

    FileChannel channel() {
        return channel;
    }

    Path path() {
        return path;
    }

    boolean broken() {
        return broken;
    }

    void markBroken() {
        broken = true;
    }

    /** Takes hold once more, unless the last holder has let go already. */
    boolean tryRetain() {
        int count = holders.get();
        while (count > 0) {
            if (holders.compareAndSet(count, count + 1)) {
                return true;
            }
            count = holders.get();
        }
        return false;
    }

    void release() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released once too often: " + path);
        }
        if (left == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                throw DiskErrors.failed("close", path, e);
            }
        }
    }
}
