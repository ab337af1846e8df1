package io.millrace.connect.record;

/**
 * What a {@link FlowMeter} showed at one moment.
 *
 * @param recordsIn how many came in since the connector was started here
 * @param recordsOut how many arrived since then
 * @param recordsOutPerSecond the rate over the last half minute
 * @param freshnessP50Ms half of the recent records arrived at most this long after their timestamp; -1: none arrived
 * @param freshnessP99Ms 99 % did; -1: none arrived
 */
public record Flow(
        long recordsIn, long recordsOut, double recordsOutPerSecond, long freshnessP50Ms, long freshnessP99Ms) {}
