package io.millrace.connect.record;

/**
 * What a {@link FlowMeter} showed at one moment.
 *
 * @param recordsIn how many came in since the connector was started here
 * @param recordsOut how many arrived since then
 * @param logBytes how many bytes of keys and values it read from the log or had acknowledged by it since then
 * @param recordsOutPerSecond the rate over the last half minute
 * @param freshnessP50Ms half of the recent records arrived at most this long after their timestamp; -1: none arrived
 * @param freshnessP99Ms 99 % did; -1: none arrived
 * @param newestMs the latest timestamp of a record that arrived, in milliseconds since the epoch; -1: none arrived
 */
public record Flow(
        long recordsIn,
        long recordsOut,
        long logBytes,
        double recordsOutPerSecond,
        long freshnessP50Ms,
        long freshnessP99Ms,
        long newestMs) {}
