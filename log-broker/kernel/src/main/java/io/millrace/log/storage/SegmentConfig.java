package io.millrace.log.storage;

/**
 * When a log begins a new segment, and how finely it is indexed.
 *
 * @param bytesMax {@code segment.bytes}: a segment grows no further, unless one payload alone is larger
 * @param ageMaxMillis {@code segment.ms}: a segment gets no more records this long after its first
 * @param ageJitterMillis {@code segment.jitter.ms}: each segment ends up to so much earlier, so that logs that began
 *     together do not all roll together
 * @param indexIntervalBytes {@code index.interval.bytes}: about one index entry per so many bytes of records
 * @param indexBytesMax {@code segment.index.bytes}: a segment gets no more records when one of its indexes is so large
 */
public record SegmentConfig(
        int bytesMax, long ageMaxMillis, long ageJitterMillis, int indexIntervalBytes, int indexBytesMax) {

    /** Kafka's defaults: 1 GiB, seven days, no jitter, 4 KiB, 10 MiB. */
    public static final SegmentConfig DEFAULTS =
            new SegmentConfig(1 << 30, 7L * 24 * 3_600_000, 0, 4096, 10 * 1024 * 1024);

    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    public SegmentConfig {
        if (bytesMax < 1 || ageMaxMillis < 1 || indexIntervalBytes < 0) {
            throw new IllegalArgumentException(
                    "segment.bytes %d and segment.ms %d must be positive, index.interval.bytes %d not negative"
                            .formatted(bytesMax, ageMaxMillis, indexIntervalBytes));
        }
        if (ageJitterMillis < 0 || indexBytesMax < 0) {
            throw new IllegalArgumentException("segment.jitter.ms %d and segment.index.bytes %d must not be negative"
                    .formatted(ageJitterMillis, indexBytesMax));
        }
    }

    /**
     * How long the segment at {@code baseOffset} gets records. Logs differ by their paths: no chance is needed, and a
     * restart changes nothing.
     */
    long ageMaxMillis(String path, long baseOffset) {
        if (ageJitterMillis == 0) {
            return ageMaxMillis;
        }
        long mixed = ((path.hashCode() + 31 * baseOffset) * GOLDEN_RATIO) >>> 1;
        return ageMaxMillis - mixed % Math.min(ageJitterMillis, ageMaxMillis);
    }
}
