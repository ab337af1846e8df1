package io.millrace.log.record;

import org.apache.kafka.common.record.TimestampType;

/**
 * What a topic asks of the records appended to it.
 *
 * @param batchBytesMax {@code max.message.bytes}: size of one batch, header included
 * @param timestampType {@code message.timestamp.type}
 * @param timestampBeforeMaxMillis {@code message.timestamp.before.max.ms}: how far a record may lie in the past
 * @param timestampAfterMaxMillis {@code message.timestamp.after.max.ms}: how far a record may lie in the future
 * @param keysRequired true for compacted topics: every record must have a key
 */
public record RecordRules(
        int batchBytesMax,
        TimestampType timestampType,
        long timestampBeforeMaxMillis,
        long timestampAfterMaxMillis,
        boolean keysRequired) {

    /** Kafka's defaults: 1 MiB and a header, timestamps of the producer, at most one hour ahead. */
    public static final RecordRules DEFAULTS =
            new RecordRules(1_048_588, TimestampType.CREATE_TIME, Long.MAX_VALUE, 3_600_000, false);

    public RecordRules {
        if (batchBytesMax < BatchHeader.BYTES || timestampBeforeMaxMillis < 0 || timestampAfterMaxMillis < 0) {
            throw new IllegalArgumentException(
                    "batchBytesMax %d must be at least %d, timestamp distances %d and %d must not be negative"
                            .formatted(
                                    batchBytesMax,
                                    BatchHeader.BYTES,
                                    timestampBeforeMaxMillis,
                                    timestampAfterMaxMillis));
        }
        if (timestampType == TimestampType.NO_TIMESTAMP_TYPE) {
            throw new IllegalArgumentException("message.timestamp.type must be CreateTime or LogAppendTime");
        }
    }
}
