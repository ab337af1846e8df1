package io.millrace.log.coordinator;

import org.apache.kafka.common.protocol.Errors;

/**
 * What follows from a {@link Decision} once its records are safe or lost. Exactly one of the two methods is called,
 * exactly once, in the order of the decisions. What they return is decided then, and is executed at once.
 */
public interface Outcome {

    /** The decision's records, and all that were appended before them, are committed. */
    Decision committed(long nowMs);

    /**
     * The records were not appended, or it is not known whether they will be committed.
     *
     * @param error what a client of a coordinator is told: NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE or
     *     COORDINATOR_LOAD_IN_PROGRESS (all to be tried again), RECORD_LIST_TOO_LARGE, or UNKNOWN_SERVER_ERROR; for
     *     what concerns a transaction also INVALID_PRODUCER_EPOCH or TRANSACTION_COORDINATOR_FENCED
     */
    Decision failed(long nowMs, Errors error);
}
