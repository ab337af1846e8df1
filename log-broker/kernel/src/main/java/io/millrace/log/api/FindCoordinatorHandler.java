package io.millrace.log.api;

import io.millrace.log.metadata.BrokerImage;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicCreation;
import io.millrace.log.metadata.TopicCreation.NewTopic;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Ids;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * FindCoordinator: of one key below version 4, of several from then on (KIP-699). The first to ask for the coordinator
 * of a group has {@code __consumer_offsets} made. Transactions and share groups are not served, and answered with an
 * error that a client does not try again on.
 */
final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequestData> {

    private static final Api API = new Api(ApiKeys.FIND_COORDINATOR, 0, 6);
    private static final int FIRST_VERSION_WITH_KEYS = 4;

    private final LocalShard shard;

    FindCoordinatorHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(FindCoordinatorRequestData request, RequestContext context) {
        boolean several = context.version() >= FIRST_VERSION_WITH_KEYS;
        List<String> keys = several ? request.coordinatorKeys() : List.of(request.key());
        if (request.keyType() != CoordinatorType.GROUP.id()) {
            return Promise.of(answer(
                    keys.stream().map(key -> notServed(request.keyType(), key)).toList(), several));
        }
        String localHost = context.localHost();
        return offsetsTopic()
                .map(ignored ->
                        keys.stream().map(key -> coordinator(key, localHost)).toList())
                .map(found -> answer(found, several));
    }

    /** Completes when the topic is there, or could not be made. */
    private Promise<Boolean> offsetsTopic() {
        if (shard.image().topic(Topic.GROUP_METADATA_TOPIC_NAME) != null) {
            return Promise.of(true);
        }
        GroupConfig config = shard.groups().config();
        NewTopic topic = new NewTopic(
                Ids.random(shard.random()),
                Topic.GROUP_METADATA_TOPIC_NAME,
                config.topicPartitions(),
                -1,
                Map.of(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(config.topicSegmentBytes())));
        return shard.decide(
                        image -> TopicCreation.decide(image, List.of(topic), config.topicPartitions(), false),
                        reason -> List.of())
                .map(ignored -> true);
    }

    private Coordinator coordinator(String groupId, String localHost) {
        ClusterImage image = shard.image();
        TopicImage offsets = image.topic(Topic.GROUP_METADATA_TOPIC_NAME);
        PartitionState partition = offsets == null ? null : offsets.partition(GroupCalls.partitionOf(groupId, offsets));
        BrokerImage broker = partition == null ? null : image.broker(partition.leader());
        if (broker == null) {
            return failed(groupId, Errors.COORDINATOR_NOT_AVAILABLE, "The coordinator is not available yet.");
        }
        return new Coordinator()
                .setKey(groupId)
                .setNodeId(broker.id())
                .setHost(Objects.requireNonNullElse(broker.host(), localHost))
                .setPort(broker.port());
    }

    private static Coordinator notServed(byte keyType, String key) {
        return keyType == CoordinatorType.TRANSACTION.id()
                ? failed(key, Errors.UNSUPPORTED_VERSION, "This broker does not serve transactions.")
                : failed(key, Errors.INVALID_REQUEST, "This broker has no coordinators of key type " + keyType + ".");
    }

    private static Coordinator failed(String key, Errors error, String message) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(-1)
                .setHost("")
                .setPort(-1)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private static FindCoordinatorResponseData answer(List<Coordinator> found, boolean several) {
        if (several) {
            return new FindCoordinatorResponseData().setCoordinators(found);
        }
        Coordinator only = found.getFirst();
        return new FindCoordinatorResponseData()
                .setErrorCode(only.errorCode())
                .setErrorMessage(only.errorMessage())
                .setNodeId(only.nodeId())
                .setHost(only.host())
                .setPort(only.port());
    }
}
