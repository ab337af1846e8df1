package io.millrace.log.types;

/**
 * Where the records of a leader epoch end in a log: the answer to OffsetForLeaderEpoch (KIP-101, KIP-279).
 *
 * @param epoch the largest epoch of the log that is not above the one asked for, or -1 if there is none
 * @param endOffset the offset after the last record of {@code epoch}, or -1
 */
public record EpochEndOffset(int epoch, long endOffset) {

    /** The log knows nothing of the epoch that was asked for. */
    public static final EpochEndOffset UNDEFINED = new EpochEndOffset(-1, -1);
}
