package io.millrace.log.storage;

/** Deletes records from the front of a log: on request, by age, by size. Always whole segments. */
final class LogRetention {

    private final LogState log;

    LogRetention(LogState log) {
        this.log = log;
    }

    void deleteRecordsBefore(long offset) {
        if (offset > log.logEndOffset()) {
            throw new IllegalArgumentException(
                    "offset %d is beyond the end of the log, %d".formatted(offset, log.logEndOffset()));
        }
        if (offset > log.logStartOffset()) {
            log.checkpointLogStart(offset);
            while (log.isFirstDeletable() && oldest().nextOffset() <= offset) {
                log.deleteFirstSegment();
            }
        }
    }

    int enforce(long nowMillis) {
        log.producers().expireBefore(nowMillis - log.config().producerIdExpirationMillis());
        int deleted = deleteExpired(nowMillis);
        if (log.segments().size() == 1 && isWhollyExpired(oldest(), nowMillis)) {
            log.roll();
            log.syncNow();
            deleted += deleteExpired(nowMillis);
        }
        return deleted;
    }

    private int deleteExpired(long nowMillis) {
        int deleted = 0;
        while (log.isFirstDeletable() && isExpired(oldest(), nowMillis)) {
            log.deleteFirstSegment();
            deleted++;
        }
        return deleted;
    }

    private Segment oldest() {
        return log.segments().getFirst();
    }

    private boolean isExpired(Segment segment, long nowMillis) {
        log.use(segment);
        return segment.nextOffset() <= log.logStartOffset() || isTooOld(segment, nowMillis) || isBeyondSize(segment);
    }

    /** An active segment goes by age alone, and not while a group commit of it is under way. */
    private boolean isWhollyExpired(Segment active, long nowMillis) {
        return active.size() > 0
                && log.durability().failure() == null
                && log.durability().endOffset() == active.nextOffset()
                && isTooOld(active, nowMillis);
    }

    private boolean isTooOld(Segment segment, long nowMillis) {
        RetentionConfig retention = log.config().retention();
        return retention.cleanupPolicy().deletes()
                && retention.ageMaxMillis() != RetentionConfig.UNLIMITED
                && (segment.size() == 0 || isOlder(segment.maxTimestamp(), nowMillis - retention.ageMaxMillis()));
    }

    private static boolean isOlder(long timestamp, long limit) {
        return timestamp >= 0 && timestamp < limit;
    }

    private boolean isBeyondSize(Segment segment) {
        RetentionConfig retention = log.config().retention();
        return retention.cleanupPolicy().deletes()
                && retention.bytesMax() != RetentionConfig.UNLIMITED
                && log.size() - segment.size() >= retention.bytesMax();
    }
}
