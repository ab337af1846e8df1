package io.millrace.log.api;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.ReplicatedShard;
import io.millrace.log.coordinator.ReplicatedState;
import io.millrace.log.coordinator.ShardLimits;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.replica.ReplicaEffects;
import io.millrace.log.replica.ReplicaListener;
import io.millrace.log.types.Timers;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/**
 * The coordinators of one kind on one shard: one for each partition of their topic that is led here. It comes and loads
 * when the partition opens, and goes with it.
 *
 * @param <S> the coordinator
 */
final class CoordinatorPartitions<S extends ReplicatedState> implements ReplicaListener {

    /** What makes coordinators without any state, again and again, for a partition that has opened. */
    @FunctionalInterface
    interface Factory<S> {
        Function<Deadlines, S> at(PartitionLeader partition);
    }

    private final String topic;
    private final ShardLimits limits;
    private final Timers timers;
    private final ReplicaEffects effects;
    private final Factory<S> factory;
    private final SortedMap<Integer, ReplicatedShard<S>> byPartition = new TreeMap<>();

    /** @param effects told of a coordinator that cannot load */
    CoordinatorPartitions(String topic, ShardLimits limits, Timers timers, ReplicaEffects effects, Factory<S> factory) {
        this.topic = topic;
        this.limits = limits;
        this.timers = timers;
        this.effects = effects;
        this.factory = factory;
    }

    @Override
    public void partitionOpened(PartitionLeader partition) {
        if (!partition.name().topic().equals(topic)) {
            return;
        }
        ReplicatedShard<S> shard = new ReplicatedShard<>(
                new LeaderLog(partition, timers),
                limits,
                timers,
                factory.at(partition),
                reason -> effects.partitionStopped(partition.name(), damaged(reason)));
        byPartition.put(partition.name().partition(), shard);
        shard.start();
    }

    @Override
    public void partitionClosed(PartitionLeader partition) {
        if (!partition.name().topic().equals(topic)) {
            return;
        }
        ReplicatedShard<S> shard = byPartition.remove(partition.name().partition());
        if (shard != null) {
            shard.close();
        }
    }

    /** The partitions whose coordinator is here, sorted. */
    List<Integer> partitions() {
        return List.copyOf(byPartition.keySet());
    }

    /**
     * Lets the coordinator of a partition decide.
     *
     * @param refused told the error if the coordinator is not here, or not ready
     */
    void submit(int partition, Function<S, Decision> event, Consumer<Errors> refused) {
        ReplicatedShard<S> shard = byPartition.get(partition);
        if (shard == null) {
            refused.accept(Errors.NOT_COORDINATOR);
        } else {
            shard.submit(event, refused);
        }
    }

    /** Lets all coordinators here decide. Those that are not ready are left out. */
    void tellAll(Function<S, Decision> event) {
        byPartition.values().forEach(shard -> shard.submit(event, ignored -> {}));
    }

    private static DiskFailure damaged(String reason) {
        return new DiskFailure(DiskFailure.Kind.BROKEN, reason, new IOException(reason));
    }
}
