package io.millrace.log.api;

import io.millrace.log.metadata.BrokerImage;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicCreation;
import io.millrace.log.metadata.TopicCreation.Defaults;
import io.millrace.log.metadata.TopicCreation.NewTopic;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Ids;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata: brokers, topics and who leads what. Topics that are asked for by name and do not exist are created first,
 * if both the client and the broker's config allow it.
 */
final class MetadataHandler implements RequestHandler<MetadataRequestData> {

    private static final Api API = new Api(ApiKeys.METADATA, 0, 13);
    private static final int EMPTY_LIST_IS_NONE_SINCE = 1;
    private static final int AUTO_CREATE_FLAG_SINCE = 4;
    private static final int NO_NAME_SINCE = 12;
    private static final int NO_LEADER = -1;

    private final LocalShard shard;

    MetadataHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(MetadataRequestData request, RequestContext context) {
        List<NewTopic> missing = mayCreate(request, context) ? missing(request) : List.of();
        if (missing.isEmpty()) {
            return Promise.of(response(request, context));
        }
        Defaults defaults = Defaults.of(shard.settings());
        return Throttling.decide(
                        shard,
                        context,
                        false,
                        (image, budget) -> TopicCreation.decide(image, missing, defaults, false, budget),
                        reason -> List.of())
                .map(created -> response(request, context));
    }

    private boolean mayCreate(MetadataRequestData request, RequestContext context) {
        boolean asked = context.version() < AUTO_CREATE_FLAG_SINCE || request.allowAutoTopicCreation();
        return asked && shard.settings().flag(BrokerSettings.AUTO_CREATE_TOPICS) && request.topics() != null;
    }

    /** Valid names that do not exist; internal topics are made by those who need them. */
    private List<NewTopic> missing(MetadataRequestData request) {
        List<NewTopic> missing = new ArrayList<>();
        for (MetadataRequestTopic topic : request.topics()) {
            String name = topic.name();
            if (name != null
                    && topic.topicId().equals(Uuid.ZERO_UUID)
                    && Topic.isValid(name)
                    && !Topic.isInternal(name)
                    && shard.image().topic(name) == null) {
                missing.add(new NewTopic(Ids.random(shard.random()), name, -1, -1, Map.of(), Map.of()));
            }
        }
        return missing;
    }

    private MetadataResponseData response(MetadataRequestData request, RequestContext context) {
        ClusterImage image = shard.image();
        MetadataResponseData response = new MetadataResponseData()
                .setClusterId(image.clusterId())
                .setControllerId(shard.config().brokerId());
        for (BrokerImage broker : image.brokers()) {
            response.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(broker.id())
                            .setHost(Objects.requireNonNullElse(broker.host(), context.localHost()))
                            .setPort(broker.port()));
        }
        topics(request, context, image).forEach(response.topics()::add);
        if (request.includeTopicAuthorizedOperations()) {
            response.topics().forEach(topic -> topic.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC));
        }
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return response;
    }

    private List<MetadataResponseTopic> topics(
            MetadataRequestData request, RequestContext context, ClusterImage image) {
        List<MetadataRequestTopic> wanted = request.topics();
        boolean all = wanted == null || (wanted.isEmpty() && context.version() < EMPTY_LIST_IS_NONE_SINCE);
        if (all) {
            return image.topics().stream().map(this::known).toList();
        }
        return wanted.stream()
                .map(topic -> topic(topic, image, context.version()))
                .toList();
    }

    private MetadataResponseTopic topic(MetadataRequestTopic wanted, ClusterImage image, short version) {
        String name = wanted.name();
        // Kafka's clients leave the name empty when they ask by the id.
        if (name == null || !wanted.topicId().equals(Uuid.ZERO_UUID)) {
            TopicImage topic = image.topic(wanted.topicId());
            String told = version >= NO_NAME_SINCE ? null : Objects.requireNonNullElse(name, "");
            return topic != null ? known(topic) : failed(told, wanted.topicId(), Errors.UNKNOWN_TOPIC_ID);
        }
        TopicImage topic = image.topic(name);
        if (topic != null) {
            return known(topic);
        }
        Errors error = Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
        return failed(name, Uuid.ZERO_UUID, error);
    }

    private static MetadataResponseTopic failed(@Nullable String name, Uuid id, Errors error) {
        return new MetadataResponseTopic()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(error.code())
                .setIsInternal(name != null && Topic.isInternal(name));
    }

    private MetadataResponseTopic known(TopicImage topic) {
        List<MetadataResponsePartition> partitions = new ArrayList<>();
        for (int index = 0; index < topic.partitions().size(); index++) {
            PartitionState state = topic.partitions().get(index);
            boolean offline = shard.offline().contains(new PartitionId(topic.id(), index));
            Errors error = offline ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
            partitions.add(new MetadataResponsePartition()
                    .setPartitionIndex(index)
                    .setErrorCode(error.code())
                    .setLeaderId(offline ? NO_LEADER : state.leader())
                    .setOfflineReplicas(offline ? state.replicas() : List.of())
                    .setLeaderEpoch(state.leaderEpoch())
                    .setReplicaNodes(state.replicas())
                    .setIsrNodes(state.isr()));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(Topic.isInternal(topic.name()))
                .setPartitions(partitions);
    }
}
