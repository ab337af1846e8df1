package io.millrace.log.storage;

/**
 * A transaction of which readers of committed records see nothing.
 *
 * @param firstOffset of its first batch
 * @param lastOffset of its marker
 * @param lastStableOffset of the log when it ended: transactions that end later begin at or above it
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
