package io.millrace.log.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass of compaction takes in: the oldest segments, up to one that may not be cleaned yet. Nothing of a
 * transaction whose end is not known, or could yet be lost.
 *
 * @param segments ascending, not empty
 * @param dirtyOffset records below it have no two of the same key
 * @param dirtyRatio share of the bytes of {@code segments} at or above it
 */
record CleanableRange(List<Segment> segments, long dirtyOffset, double dirtyRatio) {

    /** Null if there is nothing to clean, or it is not due. */
    static @Nullable CleanableRange of(LogState log, long cleanedBelow, long nowMillis) {
        long dirtyOffset = Math.max(cleanedBelow, log.logStartOffset());
        if (!mayBeDirty(log, dirtyOffset)) {
            return null;
        }
        CompactionConfig config = log.config().compaction();
        List<Segment> segments = new ArrayList<>();
        long bytes = 0;
        long dirtyBytes = 0;
        boolean late = false;
        for (Segment segment : log.segments()) {
            boolean dirty = segment.nextOffset() > dirtyOffset;
            if (!log.isSettled(segment)
                    || segment.nextOffset() > log.producers().unstable().first()
                    || (dirty && isTooYoung(log, segment, nowMillis))) {
                break;
            }
            segments.add(segment);
            bytes += segment.size();
            if (dirty) {
                dirtyBytes += segment.size();
                late |= isLate(log, segment, nowMillis);
            }
        }
        double ratio = bytes == 0 ? 0 : (double) dirtyBytes / bytes;
        boolean due = dirtyBytes > 0 && (late || ratio > config.dirtyRatioMin());
        return due ? new CleanableRange(segments, dirtyOffset, ratio) : null;
    }

    private static boolean mayBeDirty(LogState log, long dirtyOffset) {
        return log.segments().size() > 1 && log.active().baseOffset() > dirtyOffset;
    }

    private static boolean isTooYoung(LogState log, Segment segment, long nowMillis) {
        long lag = log.config().compaction().lagMinMillis();
        if (lag == 0) {
            return false;
        }
        log.use(segment);
        return segment.maxTimestamp() > nowMillis - lag;
    }

    private static boolean isLate(LogState log, Segment segment, long nowMillis) {
        long lag = log.config().compaction().lagMaxMillis();
        if (lag == Long.MAX_VALUE || segment.size() == 0) {
            return false;
        }
        log.use(segment);
        BatchCursor first = segment.cursor();
        first.moveTo(0);
        return first.maxTimestamp() >= 0 && first.maxTimestamp() < nowMillis - lag;
    }
}
