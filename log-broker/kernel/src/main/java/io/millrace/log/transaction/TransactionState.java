package io.millrace.log.transaction;

import io.millrace.log.record.TransactionMarker;

/**
 * Where a transactional id stands (KIP-98, KIP-890). Each state is a record of its own, and what is legal in it is what
 * its methods offer; they decide nothing and give the state that follows.
 *
 * <pre>
 *                       begin                  end, fence               complete
 *   Empty, Completed ------------> Ongoing ---------------> Prepared --------------> Completed
 *          |    ^                  |     ^                     ^
 *          |    | initialise       +-----+ add                 | abortNothing (version 2)
 *          +----+                                              |
 *          +---------------------------------------------------+
 * </pre>
 *
 * <p>An id that is gone has no state. To fence a producer whose transaction is open is to abort that transaction under
 * the next epoch, in one move: there is no state between.
 */
sealed interface TransactionState {

    TransactionProducer producer();

    /** Whether a transaction is, or is to be, committed or aborted. */
    enum Result {
        COMMIT,
        ABORT
    }

    /** No transaction is open: the next may begin, another producer may come, and the id may be forgotten. */
    sealed interface Idle extends TransactionState {

        /** When the id was last used. */
        long updatedMs();

        default Ongoing begin(TransactionPartitions partitions, int version, long nowMs) {
            return new Ongoing(producer().withVersion(version), partitions, nowMs, nowMs);
        }

        /** A producer, the same or another, is let in under {@code next}. */
        default Empty initialise(TransactionProducer next, long nowMs) {
            return new Empty(next, nowMs);
        }

        /** In version 2, a client that cannot know whether it has a transaction may abort to be sure. */
        default Prepared abortNothing(long nextProducerId, long nowMs) {
            TransactionProducer next = producer().withVersion(TransactionProducer.VERSION_2);
            return new Prepared(Result.ABORT, next.bumped(), nextProducerId, TransactionPartitions.NONE, nowMs, nowMs);
        }
    }

    /** A producer was let in and has done nothing yet. */
    record Empty(TransactionProducer producer, long updatedMs) implements Idle {}

    /** A transaction is open. */
    record Ongoing(TransactionProducer producer, TransactionPartitions partitions, long startedMs, long updatedMs)
            implements TransactionState {

        Ongoing add(TransactionPartitions all, int version, long nowMs) {
            return new Ongoing(producer.withVersion(version), all, startedMs, nowMs);
        }

        /**
         * The client's word; in version 2, with the epoch after the transaction's.
         *
         * @param nextProducerId the id to go on with if the epochs of this one are used up, else
         *     {@link TransactionProducer#NO_ID}
         */
        Prepared end(Result result, int version, long nextProducerId, long nowMs) {
            TransactionProducer next = producer.withVersion(version);
            return new Prepared(
                    result,
                    version >= TransactionProducer.VERSION_2 ? next.bumped() : next,
                    nextProducerId,
                    partitions,
                    startedMs,
                    nowMs);
        }

        /** The coordinator's own word: whatever comes under the epoch of this transaction from now on is too late. */
        Prepared fence(long nextProducerId, long nowMs) {
            return end(Result.ABORT, TransactionProducer.VERSION_2, nextProducerId, nowMs);
        }
    }

    /**
     * How the transaction ends is decided for good; its partitions are being told.
     *
     * @param nextProducerId the id to go on with, or {@link TransactionProducer#NO_ID}
     */
    record Prepared(
            Result result,
            TransactionProducer producer,
            long nextProducerId,
            TransactionPartitions partitions,
            long startedMs,
            long updatedMs)
            implements TransactionState {

        /** Every partition has its marker. */
        Completed complete(long nowMs) {
            return new Completed(result, next(), startedMs, nowMs);
        }

        /** The producer that begins the next transaction. */
        TransactionProducer next() {
            boolean rotates =
                    producer.version() >= TransactionProducer.VERSION_2 && nextProducerId != TransactionProducer.NO_ID;
            return rotates
                    ? producer.renamed(nextProducerId, producer.lastEpoch())
                    : producer.at(producer.epoch(), producer.lastEpoch());
        }

        TransactionMarker marker(int coordinatorEpoch) {
            return new TransactionMarker(
                    producer.id(), producer.epoch(), result == Result.COMMIT, coordinatorEpoch, producer.version());
        }
    }

    /** The last transaction is over. */
    record Completed(Result result, TransactionProducer producer, long startedMs, long updatedMs) implements Idle {}
}
