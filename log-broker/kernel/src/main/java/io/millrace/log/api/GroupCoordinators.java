package io.millrace.log.api;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.ReplicatedShard;
import io.millrace.log.coordinator.ShardLimits;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.group.Call;
import io.millrace.log.group.Caller;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.group.MemberIds;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.replica.ReplicaEffects;
import io.millrace.log.replica.ReplicaListener;
import io.millrace.log.types.Promise;
import io.millrace.log.types.Timers;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/**
 * The group coordinators of one shard: one for each partition of {@code __consumer_offsets} that is led here. It comes
 * and loads when the partition opens, and goes with it.
 */
public final class GroupCoordinators implements ReplicaListener {

    /** Who asks on behalf of the broker itself. */
    private static final Caller NOBODY = new Caller("", "", (short) 0);

    private final GroupConfig config;
    private final Timers timers;
    private final String incarnation;
    private final ReplicaEffects effects;
    private final SortedMap<Integer, ReplicatedShard<GroupCoordinator>> byPartition = new TreeMap<>();

    /**
     * @param incarnation unique to this run of this shard: member ids are made of it
     * @param effects told of a coordinator that cannot load
     */
    public GroupCoordinators(GroupConfig config, Timers timers, String incarnation, ReplicaEffects effects) {
        this.config = config;
        this.timers = timers;
        this.incarnation = incarnation;
        this.effects = effects;
    }

    GroupConfig config() {
        return config;
    }

    @Override
    public void partitionOpened(PartitionLeader partition) {
        if (!isOffsets(partition)) {
            return;
        }
        int index = partition.name().partition();
        MemberIds memberIds = new MemberIds(incarnation, index);
        ReplicatedShard<GroupCoordinator> shard = new ReplicatedShard<>(
                new LeaderLog(partition, timers),
                new ShardLimits(config.loadBytesMax(), config.commitTimeoutMs()),
                timers,
                deadlines -> new GroupCoordinator(config, memberIds, deadlines),
                reason -> effects.partitionStopped(partition.name(), damaged(reason)));
        byPartition.put(index, shard);
        shard.start();
    }

    @Override
    public void partitionClosed(PartitionLeader partition) {
        if (!isOffsets(partition)) {
            return;
        }
        ReplicatedShard<GroupCoordinator> shard =
                byPartition.remove(partition.name().partition());
        if (shard != null) {
            shard.close();
        }
    }

    /** A topic is gone, and the offsets of all groups in it are of no use. */
    public void topicDeleted(String topic) {
        byPartition
                .values()
                .forEach(shard -> shard.submit(coordinator -> coordinator.topicDeleted(topic), ignored -> {}));
    }

    /**
     * Ends a producer's transaction in a partition of {@code __consumer_offsets}, by way of its coordinator, whose
     * offsets may be part of it.
     */
    Promise<Errors> endTransaction(int partition, TransactionMarker marker) {
        return ask(partition, NOBODY, marker, GroupCoordinator::endTransaction, error -> error)
                .map(error -> switch (error) {
                    case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
                        Errors.NOT_LEADER_OR_FOLLOWER;
                    default -> error;
                });
    }

    /** The partitions whose coordinator is here, sorted. */
    List<Integer> partitions() {
        return List.copyOf(byPartition.keySet());
    }

    /**
     * Puts a request to the coordinator of a partition.
     *
     * @param refused makes the answer if the coordinator is not here, or not ready
     */
    <Q, A> Promise<A> ask(
            int partition,
            Caller caller,
            Q request,
            BiFunction<GroupCoordinator, Call<Q, A>, Decision> event,
            Function<Errors, A> refused) {
        ReplicatedShard<GroupCoordinator> shard = byPartition.get(partition);
        if (shard == null) {
            return Promise.of(refused.apply(Errors.NOT_COORDINATOR));
        }
        Promise<A> answer = new Promise<>();
        Call<Q, A> call = new Call<>(timers.now(), caller, request, answer::complete);
        shard.submit(coordinator -> event.apply(coordinator, call), error -> answer.complete(refused.apply(error)));
        return answer;
    }

    private static DiskFailure damaged(String reason) {
        return new DiskFailure(DiskFailure.Kind.BROKEN, reason, new IOException(reason));
    }

    private static boolean isOffsets(PartitionLeader partition) {
        return partition.name().topic().equals(Topic.GROUP_METADATA_TOPIC_NAME);
    }
}
