package io.millrace.connect.log;

import org.jspecify.annotations.Nullable;

/**
 * A record on its way into the log.
 *
 * @param topic where it goes
 * @param partition null: the appender chooses, by the hash of the key where there is one
 * @param timestampMs milliseconds since the epoch; null: the time of the append
 * @param payload what it carries
 */
public record OutgoingRecord(
        String topic, @Nullable Integer partition, @Nullable Long timestampMs, Payload payload) {}
