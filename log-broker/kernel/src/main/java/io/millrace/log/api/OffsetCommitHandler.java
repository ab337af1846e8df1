package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * OffsetCommit. Offsets of topics that do not exist are refused, the others committed together. From version 10 on,
 * topics are told by their ids.
 */
final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequestData> {

    private static final Api API = new Api(ApiKeys.OFFSET_COMMIT, 2, 10);
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final LocalShard shard;

    OffsetCommitHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(OffsetCommitRequestData request, RequestContext context) {
        if (request.groupId().isEmpty()) {
            return Promise.of(GroupAnswers.commitFailed(request, Errors.INVALID_GROUP_ID));
        }
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        List<OffsetCommitResponseTopic> unknown = new ArrayList<>();
        boolean byId = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        Errors notFound = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        for (OffsetCommitRequestTopic topic : request.topics()) {
            TopicImage image =
                    byId ? shard.image().topic(topic.topicId()) : shard.image().topic(topic.name());
            if (image == null) {
                unknown.add(GroupAnswers.commitFailed(topic, notFound));
            } else {
                known.add(topic.setName(image.name()).setTopicId(image.id()));
            }
        }
        if (known.isEmpty()) {
            return Promise.of(new OffsetCommitResponseData().setTopics(unknown));
        }
        OffsetCommitRequestData rest = request.duplicate().setTopics(known);
        return GroupCalls.ask(
                        shard,
                        context,
                        rest.groupId(),
                        rest,
                        GroupCoordinator::commitOffsets,
                        error -> GroupAnswers.commitFailed(rest, error))
                .map(answer -> {
                    answer.topics().addAll(unknown);
                    return answer;
                });
    }
}
