package io.millrace.log.disk;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A file operation failed. What it means for the caller is said by {@link #kind()}: a full disk is worth another try
 * when space returns, everything else stops the partition whose file it was.
 */
public final class DiskFailure extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    /** What failed, as far as the caller must tell cases apart. */
    public enum Kind {
        /** No space or quota left; nothing that was stored before is harmed. */
        FULL,
        /** Any other error of the device or the file system. Never retried as if nothing had happened. */
        BROKEN
    }

    private final Kind kind;

    public DiskFailure(Kind kind, String message, IOException cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
