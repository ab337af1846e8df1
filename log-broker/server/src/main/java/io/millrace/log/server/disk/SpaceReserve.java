package io.millrace.log.server.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a little of the device free of records: a hundredth, from 256 KiB to 64 MiB. So when clients have filled the
 * disk there is still room for the metadata log and for checkpoints, and the broker goes on to serve readers.
 *
 * <p>The device is asked after so many bytes, not at every write; what others write meanwhile is not seen at once. Used
 * by all loops.
 */
final class SpaceReserve {

    private static final long SHARE = 100;
    private static final long BYTES_MIN = 256 * 1024;
    private static final long BYTES_MAX = 64L * 1024 * 1024;
    /** Written at most before the device is asked again. */
    private static final long ALLOWANCE_MAX = 4L * 1024 * 1024;

    private final Path root;
    private final AtomicLong allowance = new AtomicLong();
    private @Nullable FileStore store;

    SpaceReserve(Path root) {
        this.root = root;
    }

    /**
     * To be called before records are written.
     *
     * @throws IOException as of a full disk, if there is no more room for them than the reserve
     */
    void take(int bytes) throws IOException {
        if (allowance.addAndGet(-bytes) < 0) {
            ask(bytes);
        }
    }

    private synchronized void ask(int bytes) throws IOException {
        if (allowance.get() >= 0) {
            return;
        }
        FileStore device = store;
        if (device == null) {
            device = Files.getFileStore(root);
            store = device;
        }
        long reserve = Math.clamp(device.getTotalSpace() / SHARE, BYTES_MIN, BYTES_MAX);
        long free = device.getUsableSpace() - reserve;
        if (free < bytes) {
            allowance.set(0);
            throw new IOException(
                    "No space left on device, but the %d bytes that are kept free of records".formatted(reserve));
        }
        // With little left, half of it at a time: each of the loops may be about to write.
        allowance.set(Math.min(ALLOWANCE_MAX, (free - bytes) / 2));
    }
}
