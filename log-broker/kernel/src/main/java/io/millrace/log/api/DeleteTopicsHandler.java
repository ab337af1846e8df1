package io.millrace.log.api;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.TopicDeletion;
import io.millrace.log.metadata.TopicDeletion.Deleted;
import io.millrace.log.metadata.TopicDeletion.Target;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DeleteTopics, by name or, from version 6, by id (KIP-516). */
final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequestData> {

    private static final Api API = new Api(ApiKeys.DELETE_TOPICS, 1, 6);
    private static final int STATES_SINCE = 6;
    private static final int DISABLED_SINCE = 3;
    private static final int QUOTA_STRICT_SINCE = 5;

    private final LocalShard shard;

    DeleteTopicsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DeleteTopicsRequestData request, RequestContext context) {
        List<Target> targets = context.version() >= STATES_SINCE
                ? request.topics().stream()
                        .map(topic -> new Target(topic.name(), topic.topicId()))
                        .toList()
                : request.topicNames().stream()
                        .map(name -> new Target(name, Uuid.ZERO_UUID))
                        .toList();
        if (!shard.settings().flag(BrokerSettings.DELETE_TOPICS)) {
            Errors error =
                    context.version() >= DISABLED_SINCE ? Errors.TOPIC_DELETION_DISABLED : Errors.INVALID_REQUEST;
            return Promise.of(response(targets.stream()
                    .map(target -> new Deleted(target.name(), target.id(), error))
                    .toList()));
        }
        return Throttling.decide(
                        shard,
                        context,
                        context.version() >= QUOTA_STRICT_SINCE,
                        (image, budget) -> TopicDeletion.decide(image, targets, budget),
                        reason -> targets.stream()
                                .map(target -> new Deleted(target.name(), target.id(), Errors.REQUEST_TIMED_OUT))
                                .toList())
                .map(DeleteTopicsHandler::response);
    }

    private static DeleteTopicsResponseData response(List<Deleted> results) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        for (Deleted deleted : results) {
            response.responses()
                    .add(new DeletableTopicResult()
                            .setName(deleted.name())
                            .setTopicId(deleted.id())
                            .setErrorCode(deleted.error().code()));
        }
        return response;
    }
}
