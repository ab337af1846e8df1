package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the partitions of a shard ask of the transaction coordinators, before a producer may begin a transaction in a
 * partition (KIP-890). Belongs to the shard of the partition.
 */
@FunctionalInterface
public interface TransactionVerifier {

    /** This broker has no transaction coordinator, so no producer has a transaction. */
    TransactionVerifier NO_TRANSACTIONS = claim -> Promise.of(Errors.INVALID_TXN_STATE);

    /**
     * Asks whether the partition is part of a transaction that the producer has open. The answer always comes; what
     * takes too long is answered COORDINATOR_NOT_AVAILABLE.
     *
     * @return NONE if it is, else the coordinator's error: INVALID_TXN_STATE or TRANSACTION_ABORTABLE if it is not,
     *     INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED or INVALID_PRODUCER_EPOCH, CONCURRENT_TRANSACTIONS,
     *     NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE or COORDINATOR_LOAD_IN_PROGRESS
     */
    Promise<Errors> verify(Claim claim);

    /**
     * What a producer says by sending a transactional batch.
     *
     * @param adds whether the batch itself adds the partition to the transaction, as in transaction version 2; else the
     *     producer has added it before
     */
    record Claim(
            String transactionalId, long producerId, short producerEpoch, TopicPartition partition, boolean adds) {}
}
