package io.millrace.connect.log;

/**
 * What a partition holds.
 *
 * @param begin the first offset still there
 * @param end the offset that the next record will get
 */
public record OffsetRange(long begin, long end) {}
