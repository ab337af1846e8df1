package io.millrace.log.storage;

/**
 * When a log whose {@code cleanup.policy} compacts is cleaned, and what cleaning keeps.
 *
 * @param lagMinMillis {@code min.compaction.lag.ms}: a segment that holds a younger record is not cleaned
 * @param lagMaxMillis {@code max.compaction.lag.ms}: a log with an older record that was never cleaned is due
 * @param dirtyRatioMin {@code min.cleanable.dirty.ratio}: a log is due if more than this share of its bytes was never
 *     cleaned
 * @param tombstoneMillis {@code delete.retention.ms}: a tombstone stays so long after it was first cleaned
 * @param keysMax keys that one pass can tell apart, at some 50 bytes of memory each; the rest waits for the next
 */
public record CompactionConfig(
        long lagMinMillis, long lagMaxMillis, double dirtyRatioMin, long tombstoneMillis, int keysMax) {

    /** Kafka's defaults: no lag, half of the log, one day. */
    public static final CompactionConfig DEFAULTS = new CompactionConfig(0, Long.MAX_VALUE, 0.5, 86_400_000, 1 << 19);

    public CompactionConfig {
        if (lagMinMillis < 0 || lagMaxMillis < 1 || tombstoneMillis < 0 || keysMax < 1) {
            throw new IllegalArgumentException(
                    "min.compaction.lag.ms %d and delete.retention.ms %d must not be negative, max.compaction.lag.ms %d"
                                    .formatted(lagMinMillis, tombstoneMillis, lagMaxMillis)
                            + " and the number of keys %d must be positive".formatted(keysMax));
        }
        if (!(dirtyRatioMin >= 0 && dirtyRatioMin <= 1)) {
            throw new IllegalArgumentException(
                    "min.cleanable.dirty.ratio %s must be from 0 to 1".formatted(dirtyRatioMin));
        }
    }
}
