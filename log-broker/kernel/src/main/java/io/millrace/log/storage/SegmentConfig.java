package io.millrace.log.storage;

/**
 * When a log begins a new segment, and how finely it is indexed.
 *
 * @param bytesMax {@code segment.bytes}: a segment grows no further, unless one payload alone is larger
 * @param ageMaxMillis {@code segment.ms}: a segment gets no more records this long after its first
 * @param indexIntervalBytes {@code index.interval.bytes}: about one index entry per so many bytes of records
 */
public record SegmentConfig(int bytesMax, long ageMaxMillis, int indexIntervalBytes) {

    /** Kafka's defaults: 1 GiB, seven days, 4 KiB. */
    public static final SegmentConfig DEFAULTS = new SegmentConfig(1 << 30, 7L * 24 * 3_600_000, 4096);

    public SegmentConfig {
        if (bytesMax < 1 || ageMaxMillis < 1 || indexIntervalBytes < 0) {
            throw new IllegalArgumentException(
                    "segment.bytes %d and segment.ms %d must be positive, index.interval.bytes %d not negative"
                            .formatted(bytesMax, ageMaxMillis, indexIntervalBytes));
        }
    }
}
