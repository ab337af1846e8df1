package io.millrace.log.coordinator;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * The one partition of an internal topic in which a {@link ReplicatedShard} keeps its records, while this broker leads
 * it. Called by the loop that owns the partition, and by no other.
 */
public interface CoordinatorLog {

    /** What became of an append. */
    sealed interface Append {

        /**
         * The records stand in the leader's log. They count only once the high watermark has reached {@code endOffset},
         * of which the shard is told by {@link ReplicatedShard#highWatermark}.
         *
         * @param endOffset the offset after the last record appended
         */
        record Appended(long endOffset) implements Append {}

        /** Nothing was appended. {@code error} is the log's own error, such as NOT_LEADER_OR_FOLLOWER. */
        record Refused(Errors error) implements Append {}
    }

    /** Appends one batch, whose offsets the log assigns. Never throws for what the log can refuse. */
    Append append(MemoryRecords batch);

    /** The first offset that can be read. */
    long startOffset();

    /** The offset of the next record to be appended. */
    long endOffset();

    /** All records below it are committed. */
    long highWatermark();

    /**
     * Whole batches, of which the first one holds {@code offset} or what compaction left after it. At least one batch
     * is given if there is one, whatever its size.
     *
     * @param bytesMax bound for the size of the answer, but for the first batch
     * @return batches in the order of the log; empty at the end of the log
     */
    MemoryRecords read(long offset, int bytesMax);
}
