package io.millrace.log.coordinator;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.Promise;
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
         * The records stand in the leader's log, up to {@code lastOffset}; {@link #committed} tells when they count.
         */
        record Appended(long lastOffset) implements Append {}

        /** Nothing was appended. {@code error} is the log's own error, such as NOT_LEADER_OR_FOLLOWER. */
        record Refused(Errors error) implements Append {}
    }

    /**
     * Appends one batch, whose offsets the log assigns. Never throws for what the log can refuse.
     *
     * @param batch of a coordinator's own, or of a producer's transaction, without a sequence number that counts
     */
    Append append(MemoryRecords batch);

    /** Appends the end of a producer's transaction, if it does not stand in the log already. */
    Append append(TransactionMarker marker);

    /**
     * Completes with NONE when everything up to {@code lastOffset} is committed, or with the error because of which
     * that will not happen. Waits complete in the order of their offsets, equal ones in the order in which they were
     * asked for.
     */
    Promise<Errors> committed(long lastOffset);

    /** The first offset that can be read. */
    long startOffset();

    /** The offset of the next record to be appended. */
    long endOffset();

    /**
     * Whole batches, of which the first one holds {@code offset} or what compaction left after it; those that are not
     * committed yet as well. At least one batch is given if there is one, whatever its size.
     *
     * @param bytesMax bound for the size of what is read, but for the first batch
     */
    Read read(long offset, int bytesMax);

    /** What was found in the log. */
    sealed interface Read {

        /** Batches in the order of the log, none at its end. Valid until the next call. */
        record Batches(MemoryRecords records) implements Read {}

        /** The log cannot be read, as its owner has been told. */
        record Failed(Errors error) implements Read {}
    }
}
