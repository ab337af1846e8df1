package io.millrace.log.group;

/**
 * How committed offsets are kept.
 *
 * @param metadataLengthMax characters of metadata beside one offset ({@code offset.metadata.max.bytes})
 * @param retentionMs how long offsets outlive the last member of their group ({@code offsets.retention.minutes})
 * @param retentionCheckIntervalMs how often that is looked into ({@code offsets.retention.check.interval.ms})
 */
public record OffsetsConfig(int metadataLengthMax, long retentionMs, long retentionCheckIntervalMs) {

    /** Kafka's defaults: 4096 characters, 7 days, 10 minutes. */
    public static final OffsetsConfig DEFAULT = new OffsetsConfig(4096, 7L * 24 * 60 * 60 * 1000, 600_000);

    public OffsetsConfig {
        if (metadataLengthMax < 0) {
            throw new IllegalArgumentException(
                    "offset.metadata.max.bytes must not be negative, is " + metadataLengthMax);
        }
        if (retentionMs < 1 || retentionCheckIntervalMs < 1) {
            throw new IllegalArgumentException(
                    "offsets.retention.minutes and offsets.retention.check.interval.ms must be at least 1");
        }
    }
}
