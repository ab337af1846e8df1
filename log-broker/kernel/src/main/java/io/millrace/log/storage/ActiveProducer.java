package io.millrace.log.storage;

/**
 * A producer that a log remembers, for operators.
 *
 * @param lastSequence of its last record, or {@link #UNKNOWN}
 * @param lastAppendMillis time of its last batch or marker
 * @param coordinatorEpoch of the last marker, or {@link #UNKNOWN}
 * @param transactionStart first offset of the transaction that it has open, or {@link #UNKNOWN}
 */
public record ActiveProducer(
        long producerId,
        short epoch,
        int lastSequence,
        long lastAppendMillis,
        int coordinatorEpoch,
        long transactionStart) {

    public static final int UNKNOWN = -1;
}
