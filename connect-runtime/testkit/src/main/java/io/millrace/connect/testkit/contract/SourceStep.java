package io.millrace.connect.testkit.contract;

import java.util.Arrays;
import java.util.List;

/**
 * The steps of one turn of a source, in their order; after each of them a task's life may end.
 *
 * <p>{@link SourceLife} has a case for each, and {@link SourceContract} ends a task after each: a step that is added
 * here is a kill point, or does not compile.
 */
public enum SourceStep {

    /** The task has been initialised and started. */
    START,

    /** The task was told of half of the records that the log has acknowledged. */
    TELL_RECORD_PART,

    /** The task was told of all of them. */
    TELL_RECORDS,

    /** The task was told that positions were committed. */
    TELL_COMMIT,

    /** The task has given a batch. */
    POLL,

    /** The batch has been converted. */
    CONVERT,

    /** The batch has been handed to the log's client, which holds it in memory. */
    APPEND,

    /** The log has the first half of the oldest batch that was handed over. */
    STORE_PART,

    /** The log has said so. */
    ACKNOWLEDGE_PART,

    /** The positions that are safe by then are written, amid a batch. */
    WRITE_POSITIONS_PART,

    /** The log has the whole batch. */
    STORE,

    /** The log has said so. */
    ACKNOWLEDGE,

    /** The positions that are safe by now are written; in a transaction with the records, when there is one. */
    WRITE_POSITIONS,

    /** That transaction is committed (KIP-618). */
    COMMIT_TRANSACTION;

    /** The steps that there are without, or with, transactions. */
    static List<SourceStep> of(boolean transactions) {
        SourceStep other = transactions ? WRITE_POSITIONS_PART : COMMIT_TRANSACTION;
        return Arrays.stream(values()).filter(step -> step != other).toList();
    }
}
