package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Produce. The batches are checked and appended on the shard that owns the partition; acks=1 is answered then, acks=all
 * once they are committed. The first batch of a transaction waits before that for the word of the producer's
 * coordinator. An error of acks=0 ends the connection, so that the client looks up the leader again.
 */
final class ProduceHandler implements RequestHandler<ProduceRequestData> {

    private static final Api API = new Api(ApiKeys.PRODUCE, 3, 13);
    private static final int TOPIC_IDS_SINCE = 13;
    /** The one client id that may write to internal topics, as in Kafka. */
    private static final String ADMIN_CLIENT = "__admin_client";

    private static final short ACKS_LEADER = 1;
    private static final short ACKS_NONE = 0;

    private final LocalShard shard;

    ProduceHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ProduceRequestData request, RequestContext context) {
        List<Promise<TopicProduceResponse>> topics = new ArrayList<>();
        for (TopicProduceData topic : request.topicData()) {
            topics.add(topic(request, topic, context));
        }
        if (request.acks() == ACKS_NONE) {
            context.withoutAnswer();
        }
        return Promise.all(topics).map(answers -> response(request, answers, context));
    }

    private Promise<TopicProduceResponse> topic(
            ProduceRequestData request, TopicProduceData topic, RequestContext context) {
        boolean byId = context.version() >= TOPIC_IDS_SINCE;
        TopicImage image =
                byId ? shard.image().topic(topic.topicId()) : shard.image().topic(topic.name());
        Errors error = refusal(request, image, byId, context);
        List<PartitionProduceData> parts = topic.partitionData();
        Promise<List<PartitionProduceResponse>> answers = error == Errors.NONE
                ? Scatter.onLeaders(shard, image, parts, ProduceAppend.of(request, context))
                : Promise.of(parts.stream()
                        .map(part -> ProduceAppend.refused(part, error, null))
                        .toList());
        Uuid id = topic.topicId();
        String name = topic.name();
        return answers.map(done ->
                new TopicProduceResponse().setName(name).setTopicId(id).setPartitionResponses(new ArrayList<>(done)));
    }

    private static Errors refusal(
            ProduceRequestData request, @Nullable TopicImage image, boolean byId, RequestContext context) {
        if (request.acks() != ProduceAppend.ACKS_ALL && request.acks() != ACKS_LEADER && request.acks() != ACKS_NONE) {
            return Errors.INVALID_REQUIRED_ACKS;
        }
        if (image == null) {
            return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (Topic.isInternal(image.name()) && !context.clientId().equals(ADMIN_CLIENT)) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        return Errors.NONE;
    }

    private static ProduceResponseData response(
            ProduceRequestData request, List<TopicProduceResponse> topics, RequestContext context) {
        if (request.acks() == ACKS_NONE && topics.stream().anyMatch(ProduceHandler::anyFailed)) {
            context.closeConnection("a write with acks=0 failed");
        }
        TopicProduceResponseCollection responses = new TopicProduceResponseCollection();
        responses.addAll(topics);
        return new ProduceResponseData().setResponses(responses);
    }

    private static boolean anyFailed(TopicProduceResponse topic) {
        return topic.partitionResponses().stream().anyMatch(part -> part.errorCode() != Errors.NONE.code());
    }
}
