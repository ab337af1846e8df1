package io.millrace.log.api;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.ShardLimits;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.replica.ReplicaEffects;
import io.millrace.log.replica.ReplicaListener;
import io.millrace.log.transaction.MarkerWriter;
import io.millrace.log.transaction.ProducerIdSource;
import io.millrace.log.transaction.TransactionCall;
import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** The transaction coordinators of one shard: one for each partition of {@code __transaction_state} led here. */
public final class TransactionCoordinators {

    private final TransactionConfig config;
    private final LocalShard shard;
    private final CoordinatorPartitions<TransactionCoordinator> coordinators;

    /** @param effects told of a coordinator that cannot load */
    public TransactionCoordinators(TransactionConfig config, LocalShard shard, ReplicaEffects effects) {
        this.config = config;
        this.shard = shard;
        this.coordinators = new CoordinatorPartitions<>(
                Topic.TRANSACTION_STATE_TOPIC_NAME,
                new ShardLimits(config.loadBytesMax(), config.commitTimeoutMs()),
                shard.timers(),
                effects,
                partition ->
                        deadlines -> new TransactionCoordinator(config, deadlines, new Surroundings(shard, partition)));
    }

    /** To be told of every partition. */
    public ReplicaListener listener() {
        return coordinators;
    }

    TransactionConfig config() {
        return config;
    }

    /** The partitions whose coordinator is here, sorted. */
    List<Integer> partitions() {
        return coordinators.partitions();
    }

    /**
     * Puts a request to the coordinator of a partition.
     *
     * @param refused makes the answer if the coordinator is not here, or not ready
     */
    <Q, A> Promise<A> ask(
            int partition,
            Q request,
            BiFunction<TransactionCoordinator, TransactionCall<Q, A>, Decision> event,
            Function<Errors, A> refused) {
        Promise<A> answer = new Promise<>();
        TransactionCall<Q, A> call = new TransactionCall<>(shard.timers().now(), request, answer::complete);
        coordinators.submit(
                partition,
                coordinator -> event.apply(coordinator, call),
                error -> answer.complete(refused.apply(error)));
        return answer;
    }

    private record Surroundings(LocalShard shard, PartitionLeader partition)
            implements TransactionCoordinator.Surroundings {

        @Override
        public MarkerWriter markers() {
            return (marker, partitions) -> TransactionMarkers.write(shard, marker, partitions);
        }

        @Override
        public ProducerIdSource producerIds() {
            return shard.producerIds();
        }

        @Override
        public int coordinatorEpoch() {
            return partition.leaderEpoch();
        }
    }
}
