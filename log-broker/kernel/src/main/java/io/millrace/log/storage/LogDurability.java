package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps account of what of a log is durable, and what the next group commit has to cover: the active segment, and
 * sealed ones with their indexes until they were covered once.
 */
final class LogDurability {

    private final DurableMark mark;
    private final Deque<Segment> sealed = new ArrayDeque<>();
    private long endOffset;
    private @Nullable DiskFailure failure;

    /**
     * @param endOffset every record below it is durable
     */
    LogDurability(DurableMark mark, long endOffset) {
        this.mark = mark;
        this.endOffset = endOffset;
    }

    long endOffset() {
        return endOffset;
    }

    /** The first write or sync that failed, or null. */
    @Nullable
    DiskFailure failure() {
        return failure;
    }

    /** Nothing that is not durable by now will ever count as durable. */
    void fail(DiskFailure cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    void sealed(Segment segment) {
        sealed.add(segment);
    }

    /** Whether a sync of this segment's files is, or will be, asked for. */
    boolean isPending(Segment segment) {
        return sealed.contains(segment);
    }

    PendingSync pending(Segment active) {
        PendingSync older = pendingOfSealed(active);
        if (failure != null || active.nextOffset() <= Math.max(endOffset, active.baseOffset())) {
            return older;
        }
        List<DiskFile> files = new ArrayList<>(older.files());
        files.add(active.file());
        return new PendingSync(active.nextOffset(), files);
    }

    PendingSync pendingOfSealed(Segment active) {
        long below = Math.max(endOffset, active.baseOffset());
        if (failure != null || sealed.isEmpty()) {
            return new PendingSync(failure == null ? below : endOffset, List.of());
        }
        List<DiskFile> files = new ArrayList<>();
        sealed.forEach(segment -> files.addAll(segment.allFiles()));
        return new PendingSync(below, files);
    }

    /**
     * Takes account of a sync that was done.
     *
     * @return whether sealed segments have become durable by it
     */
    boolean synced(PendingSync done) {
        if (failure != null) {
            return false;
        }
        if (done.belowOffset() > endOffset) {
            endOffset = done.belowOffset();
            mark.record(endOffset);
        }
        int before = sealed.size();
        while (!sealed.isEmpty() && covers(done, sealed.getFirst())) {
            sealed.removeFirst();
        }
        return sealed.size() < before;
    }

    /** A sync asked for while the segment was still growing did not cover its indexes. */
    private static boolean covers(PendingSync done, Segment segment) {
        return segment.nextOffset() <= done.belowOffset() && done.files().containsAll(segment.indexFiles());
    }

    void close() {
        mark.close();
    }
}
