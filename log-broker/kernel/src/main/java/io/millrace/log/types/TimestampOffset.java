package io.millrace.log.types;

/**
 * A record found by ListOffsets.
 *
 * @param timestamp of the record, milliseconds since 1970
 * @param offset of the record
 * @param leaderEpoch under which it was appended
 */
public record TimestampOffset(long timestamp, long offset, int leaderEpoch) {}
