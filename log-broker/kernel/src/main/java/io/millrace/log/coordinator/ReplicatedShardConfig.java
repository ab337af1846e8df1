package io.millrace.log.coordinator;

/**
 * Bounds of one {@link ReplicatedShard}.
 *
 * @param loadBytesMax how much of the log one step of loading reads ({@code offsets.load.buffer.size})
 * @param commitTimeoutMs how long a decision waits for its records to be committed ({@code offsets.commit.timeout.ms})
 */
public record ReplicatedShardConfig(int loadBytesMax, int commitTimeoutMs) {

    public ReplicatedShardConfig {
        if (loadBytesMax < 1) {
            throw new IllegalArgumentException("offsets.load.buffer.size must be at least 1, is " + loadBytesMax);
        }
        if (commitTimeoutMs < 1) {
            throw new IllegalArgumentException("offsets.commit.timeout.ms must be at least 1, is " + commitTimeoutMs);
        }
    }
}
