package io.millrace.log.transaction;

/**
 * A client's wish to end its transaction.
 *
 * @param version of transactions that the client speaks: 2 from EndTxn 5 on, else 0
 */
public record EndTransaction(
        String transactionalId, long producerId, short producerEpoch, boolean committed, int version) {}
