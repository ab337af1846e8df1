package io.millrace.log.storage;

import org.apache.kafka.common.protocol.Errors;

/** What became of {@link PartitionLog#append}. */
public sealed interface AppendOutcome {

    /** The log append time of a topic whose records keep the time of their producer. */
    long NO_TIMESTAMP = -1;

    /**
     * The records stand in the log, and are readable. They are durable once {@link PartitionLog#durableEndOffset()} is
     * beyond {@code lastOffset}.
     *
     * @param logAppendTime the time given to the records, or {@link #NO_TIMESTAMP}
     */
    record Appended(long baseOffset, long lastOffset, long logAppendTime) implements AppendOutcome {}

    /**
     * An idempotent producer sent a batch again (KIP-98). It stands in the log at these offsets, and is answered like
     * {@link Appended}: not before it is durable.
     *
     * @param logAppendTime the time given to the records when they were appended, or {@link #NO_TIMESTAMP}
     */
    record Duplicate(long baseOffset, long lastOffset, long logAppendTime) implements AppendOutcome {

        Duplicate withoutTimestamp() {
            return new Duplicate(baseOffset, lastOffset, NO_TIMESTAMP);
        }
    }

    /**
     * Nothing of the payload stands in the log.
     *
     * @param error what the client is answered
     * @param message what was wrong
     */
    record Rejected(Errors error, String message) implements AppendOutcome {}
}
