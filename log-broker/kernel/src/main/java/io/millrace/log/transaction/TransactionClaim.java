package io.millrace.log.transaction;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What a producer claims of its transaction: that partitions are to be part of it, or are already.
 *
 * @param version of transactions that the client speaks: 2 if the partitions come with what it writes, else 0
 */
public record TransactionClaim(
        String transactionalId, long producerId, short producerEpoch, List<TopicPartition> partitions, int version) {

    public TransactionClaim {
        partitions = List.copyOf(partitions);
    }
}
