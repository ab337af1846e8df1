package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/** OffsetFetch: of one group below version 8, of several from then on; topics by their ids from version 10 on. */
final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequestData> {

    private static final Api API = new Api(ApiKeys.OFFSET_FETCH, 1, 10);
    private static final int FIRST_VERSION_WITH_GROUPS = 8;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final LocalShard shard;

    OffsetFetchHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(OffsetFetchRequestData request, RequestContext context) {
        short version = context.version();
        List<OffsetFetchRequestGroup> groups =
                version < FIRST_VERSION_WITH_GROUPS ? List.of(only(request)) : request.groups();
        boolean stable = request.requireStable();
        return Promise.all(groups.stream()
                        .map(group -> fetch(group, stable, context))
                        .toList())
                .map(answers ->
                        new OffsetFetchResponse.Builder(answers).build(version).data());
    }

    private Promise<OffsetFetchResponseGroup> fetch(
            OffsetFetchRequestGroup group, boolean stable, RequestContext context) {
        if (group.groupId().isEmpty()) {
            return Promise.of(failed(group, Errors.INVALID_GROUP_ID, context.version()));
        }
        if (context.version() < FIRST_VERSION_WITH_TOPIC_IDS) {
            return ask(group, stable, context);
        }
        OffsetFetchTopics topics = OffsetFetchTopics.of(group, shard.image());
        return ask(topics.known(), stable, context)
                .map(answer ->
                        answer.errorCode() == Errors.NONE.code() ? topics.complete(answer, shard.image()) : answer);
    }

    private Promise<OffsetFetchResponseGroup> ask(
            OffsetFetchRequestGroup group, boolean stable, RequestContext context) {
        short version = context.version();
        return GroupCalls.ask(
                        shard,
                        context,
                        group.groupId(),
                        group,
                        stable ? GroupCoordinator::fetchStableOffsets : GroupCoordinator::fetchOffsets,
                        error -> GroupAnswers.fetchFailed(group.groupId(), error))
                .map(answer -> answer.errorCode() == Errors.NONE.code()
                        ? answer
                        : failed(group, Errors.forCode(answer.errorCode()), version));
    }

    /** Version 1 has no place for the error of a group, and tells it of each partition. */
    private static OffsetFetchResponseGroup failed(OffsetFetchRequestGroup group, Errors error, short version) {
        return OffsetFetchResponse.groupError(group, error, version);
    }

    private static OffsetFetchRequestGroup only(OffsetFetchRequestData request) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            return group.setTopics(null);
        }
        return group.setTopics(request.topics().stream()
                .map(topic -> new OffsetFetchRequestTopics()
                        .setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes()))
                .toList());
    }
}
