package io.millrace.log.storage;

import io.millrace.log.record.RecordRules;

/**
 * The settings of one partition's log. Immutable; a change is handed to {@link PartitionLog#reconfigure}.
 *
 * @param producerIdExpirationMillis {@code producer.id.expiration.ms}: an idempotent producer that has appended
 *     nothing for so long is forgotten
 */
public record LogConfig(
        SegmentConfig segment,
        RetentionConfig retention,
        CompactionConfig compaction,
        RecordRules records,
        long producerIdExpirationMillis) {

    /** Kafka's defaults. */
    public static final LogConfig DEFAULTS = new LogConfig(
            SegmentConfig.DEFAULTS,
            RetentionConfig.DEFAULTS,
            CompactionConfig.DEFAULTS,
            RecordRules.DEFAULTS,
            86_400_000);

    public LogConfig {
        if (producerIdExpirationMillis < 1) {
            throw new IllegalArgumentException(
                    "producer.id.expiration.ms %d must be positive".formatted(producerIdExpirationMillis));
        }
        if (records.keysRequired() != retention.cleanupPolicy().compacts()) {
            throw new IllegalArgumentException("records of a topic need keys exactly if its cleanup.policy compacts");
        }
    }

    public LogConfig withSegment(SegmentConfig changed) {
        return new LogConfig(changed, retention, compaction, records, producerIdExpirationMillis);
    }

    /** Also adapts the need for keys to the cleanup policy. */
    public LogConfig withRetention(RetentionConfig changed) {
        RecordRules rules = new RecordRules(
                records.batchBytesMax(),
                records.timestampType(),
                records.timestampBeforeMaxMillis(),
                records.timestampAfterMaxMillis(),
                changed.cleanupPolicy().compacts());
        return new LogConfig(segment, changed, compaction, rules, producerIdExpirationMillis);
    }

    public LogConfig withCompaction(CompactionConfig changed) {
        return new LogConfig(segment, retention, changed, records, producerIdExpirationMillis);
    }

    public LogConfig withRecords(RecordRules changed) {
        return new LogConfig(segment, retention, compaction, changed, producerIdExpirationMillis);
    }
}
