package io.millrace.log.api;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.ShardLimits;
import io.millrace.log.group.Call;
import io.millrace.log.group.Caller;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.group.MemberIds;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.replica.ReplicaEffects;
import io.millrace.log.replica.ReplicaListener;
import io.millrace.log.types.Promise;
import io.millrace.log.types.Timers;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/**
 * The group coordinators of one shard: one for each partition of {@code __consumer_offsets} that is led here. It comes
 * and loads when the partition opens, and goes with it.
 */
public final class GroupCoordinators {

    /** Who asks on behalf of the broker itself. */
    private static final Caller NOBODY = new Caller("", "", (short) 0);

    private final GroupConfig config;
    private final Timers timers;
    private final CoordinatorPartitions<GroupCoordinator> coordinators;

    /**
     * @param incarnation unique to this run of this shard: member ids are made of it
     * @param effects told of a coordinator that cannot load
     * @param image the cluster's metadata, as new as this shard has it
     */
    public GroupCoordinators(
            GroupConfig config,
            Timers timers,
            String incarnation,
            ReplicaEffects effects,
            Supplier<ClusterImage> image) {
        this.config = config;
        this.timers = timers;
        this.coordinators = new CoordinatorPartitions<>(
                Topic.GROUP_METADATA_TOPIC_NAME,
                new ShardLimits(config.loadBytesMax(), config.commitTimeoutMs()),
                timers,
                effects,
                partition -> {
                    MemberIds memberIds =
                            new MemberIds(incarnation, partition.name().partition());
                    return deadlines -> new GroupCoordinator(config, memberIds, image, deadlines);
                });
    }

    /** To be told of every partition. */
    public ReplicaListener listener() {
        return coordinators;
    }

    GroupConfig config() {
        return config;
    }

    /** A topic is gone, and the offsets of all groups in it are of no use. */
    public void topicDeleted(String topic, Uuid id) {
        coordinators.tellAll(coordinator -> coordinator.topicDeleted(topic, id));
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
        return coordinators.partitions();
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
        Promise<A> answer = new Promise<>();
        Call<Q, A> call = new Call<>(timers.now(), caller, request, answer::complete);
        coordinators.submit(
                partition,
                coordinator -> event.apply(coordinator, call),
                error -> answer.complete(refused.apply(error)));
        return answer;
    }
}
