package io.millrace.connect.log;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record as it stands in the log.
 *
 * @param partition where it stands
 * @param offset its position there
 * @param timestampMs milliseconds since the epoch, or -1 where the record has none
 * @param timestampType who set the timestamp
 * @param payload what it carries
 */
public record StoredRecord(
        TopicPartition partition, long offset, long timestampMs, TimestampType timestampType, Payload payload) {}
