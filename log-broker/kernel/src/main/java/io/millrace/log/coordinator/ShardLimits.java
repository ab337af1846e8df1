package io.millrace.log.coordinator;

/**
 * Bounds of a {@link ReplicatedShard}.
 *
 * @param loadBytesMax bytes of the log read in one step while the shard loads
 * @param commitTimeoutMs how long a decision waits for its records before its outcome fails
 */
public record ShardLimits(int loadBytesMax, int commitTimeoutMs) {}
