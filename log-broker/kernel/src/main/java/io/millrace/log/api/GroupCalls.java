package io.millrace.log.api;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.group.Call;
import io.millrace.log.group.Caller;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** Finds the coordinator of a group, on whichever shard it is, and asks it. */
final class GroupCalls {

    private GroupCalls() {}

    /**
     * Puts a request to the coordinator of {@code groupId}.
     *
     * @param request handed over for good
     * @param refused makes the answer if there is no coordinator here for the group, or none that is ready
     */
    static <Q, A> Promise<A> ask(
            LocalShard here,
            RequestContext context,
            String groupId,
            Q request,
            BiFunction<GroupCoordinator, Call<Q, A>, Decision> event,
            Function<Errors, A> refused) {
        TopicImage offsets = here.image().topic(Topic.GROUP_METADATA_TOPIC_NAME);
        if (offsets == null) {
            return Promise.of(refused.apply(Errors.COORDINATOR_NOT_AVAILABLE));
        }
        PartitionId partition = new PartitionId(offsets.id(), partitionOf(groupId, offsets));
        Caller caller = caller(context);
        return here.ask(
                here.ownerOf(partition),
                there -> there.groups().ask(partition.index(), caller, request, event, refused));
    }

    static Caller caller(RequestContext context) {
        return new Caller(context.clientId(), context.clientHost(), context.version());
    }

    /** Which partition of {@code __consumer_offsets} keeps a group. */
    static int partitionOf(String groupId, TopicImage offsets) {
        return InternalTopics.partitionOf(groupId, offsets.partitions().size());
    }
}
