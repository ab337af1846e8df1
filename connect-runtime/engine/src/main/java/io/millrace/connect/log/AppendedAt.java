package io.millrace.connect.log;

import org.apache.kafka.common.TopicPartition;

/**
 * Where an acknowledged record stands.
 *
 * @param offset -1 where the log did not tell
 * @param timestampMs the timestamp it was stored with, milliseconds since the epoch
 */
public record AppendedAt(TopicPartition partition, long offset, long timestampMs) {}
