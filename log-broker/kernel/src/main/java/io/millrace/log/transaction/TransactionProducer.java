package io.millrace.log.transaction;

import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The producer behind a transactional id, as one state after the other hands it on.
 *
 * @param id of the producer, new when the epochs of the one before are used up
 * @param epoch in force; {@link #NO_EPOCH} before the first producer was let in
 * @param previousId {@code id} as of the state before
 * @param lastEpoch the epoch before this one if the same producer was told both, else {@link #NO_EPOCH}: a request
 *     under it is the same request again (KIP-360)
 * @param timeoutMs how long a transaction may stay open
 * @param version of transactions that the client spoke last: 2, or 0
 */
record TransactionProducer(long id, short epoch, long previousId, short lastEpoch, int timeoutMs, int version) {

    static final short NO_EPOCH = RecordBatch.NO_PRODUCER_EPOCH;
    static final long NO_ID = RecordBatch.NO_PRODUCER_ID;

    /** The version in which every transaction ends with an epoch of its own (KIP-890). */
    static final int VERSION_2 = 2;

    /** What clients speak that know nothing of version 2. */
    static final int VERSION_0 = 0;

    /** Whether {@code epoch} is the last that a client may be told: one more is kept to fence it with. */
    static boolean isExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    boolean isExhausted() {
        return isExhausted(epoch);
    }

    TransactionProducer withVersion(int spoken) {
        return new TransactionProducer(id, epoch, id, lastEpoch, timeoutMs, spoken);
    }

    /** At an epoch, having been at {@code last} before. */
    TransactionProducer at(short newEpoch, short last) {
        return new TransactionProducer(id, newEpoch, id, last, timeoutMs, version);
    }

    /** The next epoch, remembering this one. The largest stays, though it is never told to a client. */
    TransactionProducer bumped() {
        return epoch == Short.MAX_VALUE ? at(epoch, epoch) : at((short) (epoch + 1), epoch);
    }

    /** Epoch 0 of another id. */
    TransactionProducer renamed(long newId, short last) {
        return new TransactionProducer(newId, (short) 0, id, last, timeoutMs, version);
    }

    TransactionProducer withTimeout(int newTimeoutMs) {
        return new TransactionProducer(id, epoch, previousId, lastEpoch, newTimeoutMs, version);
    }
}
