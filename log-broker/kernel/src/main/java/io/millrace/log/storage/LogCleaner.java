package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import org.jspecify.annotations.Nullable;

/**
 * Compacts one log, step by step: decides when a pass begins, and ends it if the log changes under it.
 *
 * <p><b>Order.</b> A pass first reads the newest offset of every key from the part that was never cleaned, then writes
 * the segments anew, the oldest first, each durable before the next. So a tombstone is never taken away before every
 * older record of its key. What was cleaned is recorded last: a pass that was cut short begins anew.
 */
final class LogCleaner {

    private final LogState log;
    private @Nullable CleanerCheckpoint checkpoint;
    private @Nullable CleaningPass pass;
    /** A file could not be read or written for another reason than a full disk: no more passes. */
    private boolean failed;

    LogCleaner(LogState log) {
        this.log = log;
    }

    double dirtyRatio(long nowMillis) {
        CleanableRange range = mayClean() ? cleanable(nowMillis) : null;
        return range == null ? 0 : range.dirtyRatio();
    }

    boolean step(long nowMillis) {
        if (!mayClean()) {
            abandon();
            return false;
        }
        try {
            return advance(nowMillis);
        } catch (DiskFailure e) {
            abandon();
            if (e.kind() == DiskFailure.Kind.FULL) {
                return false;
            }
            failed = true;
            throw e;
        }
    }

    private boolean advance(long nowMillis) {
        CleaningPass current = pass;
        if (current == null) {
            CleanableRange range = cleanable(nowMillis);
            pass = range == null ? null : new CleaningPass(log, checkpoint(), range, nowMillis);
            return range != null;
        }
        if (!current.isValid()) {
            abandon();
            return false;
        }
        if (current.step()) {
            return true;
        }
        checkpoint = current.finish();
        pass = null;
        return false;
    }

    /** Ends a pass that is under way; what it has put in place stays. */
    void abandon() {
        CleaningPass current = pass;
        if (current != null) {
            pass = null;
            checkpoint = current.checkpoint();
            current.abandon();
        }
    }

    private boolean mayClean() {
        return !failed
                && log.durability().failure() == null
                && log.config().retention().cleanupPolicy().compacts();
    }

    private @Nullable CleanableRange cleanable(long nowMillis) {
        return CleanableRange.of(log, checkpoint().cleanedBelow(), nowMillis);
    }

    private CleanerCheckpoint checkpoint() {
        CleanerCheckpoint known = checkpoint;
        if (known == null) {
            known = CleanerCheckpoint.read(log.directory());
            checkpoint = known;
        }
        return known;
    }
}
