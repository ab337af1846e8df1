package io.millrace.log.api;

import io.millrace.log.transaction.TransactionClaim;
import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Asks the coordinator of the transactional id, on whichever shard of this broker it is. */
public final class CoordinatorVerifier implements TransactionVerifier {

    private static final int VERSION_THAT_ADDS = 2;
    private static final int VERSION_THAT_VERIFIES = 0;

    private final LocalShard here;

    public CoordinatorVerifier(LocalShard here) {
        this.here = here;
    }

    @Override
    public Promise<Errors> verify(Claim claim) {
        if (claim.transactionalId().isEmpty()) {
            return Promise.of(Errors.INVALID_REQUEST);
        }
        TransactionClaim asked = new TransactionClaim(
                claim.transactionalId(),
                claim.producerId(),
                claim.producerEpoch(),
                List.of(claim.partition()),
                claim.adds() ? VERSION_THAT_ADDS : VERSION_THAT_VERIFIES);
        return claim.adds() ? add(asked) : verify(asked);
    }

    private Promise<Errors> add(TransactionClaim claim) {
        return TransactionCalls.ask(
                here, claim.transactionalId(), claim, TransactionCoordinator::addPartitions, error -> error);
    }

    private Promise<Errors> verify(TransactionClaim claim) {
        TopicPartition partition = claim.partitions().getFirst();
        return TransactionCalls.ask(
                        here,
                        claim.transactionalId(),
                        claim,
                        TransactionCoordinator::verifyPartitions,
                        error -> Map.of(partition, error))
                .map(errors -> errors.getOrDefault(partition, Errors.UNKNOWN_SERVER_ERROR));
    }
}
