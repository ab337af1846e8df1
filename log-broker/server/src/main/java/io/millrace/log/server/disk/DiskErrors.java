package io.millrace.log.server.disk;

import io.millrace.log.disk.DiskFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Turns an {@link IOException} of one file into a {@link DiskFailure} of the right kind. */
final class DiskErrors {

    private static final long ROOM_FOR_A_BLOCK = 1 << 16;

    private DiskErrors() {}

    /** A failure that harmed nothing stored before if the disk was full, and is of unknown harm otherwise. */
    static DiskFailure failed(String action, Path path, IOException cause) {
        boolean full = isFull(path, cause);
        String advice = full ? " (free some space, or delete topics)" : "";
        DiskFailure.Kind kind = full ? DiskFailure.Kind.FULL : DiskFailure.Kind.BROKEN;
        return new DiskFailure(kind, "Could not " + action + " " + path + ": " + reason(cause) + advice, cause);
    }

    /** A failure after which nothing about the file may be trusted, whatever its cause. */
    static DiskFailure broken(String action, Path path, IOException cause) {
        String message = "Could not " + action + " " + path + ": " + reason(cause);
        return new DiskFailure(DiskFailure.Kind.BROKEN, message, cause);
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** The text comes from strerror and may be translated: the free space of the device decides when it is. */
    private static boolean isFull(Path path, IOException cause) {
        String text = cause instanceof FileSystemException f && f.getReason() != null ? f.getReason() : reason(cause);
        if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
            return true;
        }
        try {
            Path known = Files.exists(path) ? path : path.toAbsolutePath().getParent();
            return known != null && Files.getFileStore(known).getUsableSpace() < ROOM_FOR_A_BLOCK;
        } catch (IOException e) {
            cause.addSuppressed(e);
            return false;
        }
    }
}
