package io.millrace.log.api;

import io.millrace.log.metadata.BrokerImage;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.jspecify.annotations.Nullable;

/**
 * FindCoordinator: of one key below version 4, of several from then on (KIP-699). The first to ask for the coordinator
 * of a group or a transaction has its topic made. Share groups are not served, and answered with an error that a client
 * does not try again on.
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
        String localHost = context.localHost();
        return found(request.keyType(), keys, localHost).map(found -> answer(found, several));
    }

    private Promise<List<Coordinator>> found(byte keyType, List<String> keys, String localHost) {
        if (keyType == CoordinatorType.GROUP.id()) {
            return InternalTopics.offsets(shard)
                    .map(ignored -> coordinators(Topic.GROUP_METADATA_TOPIC_NAME, keys, localHost));
        }
        if (keyType == CoordinatorType.TRANSACTION.id()) {
            return InternalTopics.transactions(shard)
                    .map(ignored -> coordinators(Topic.TRANSACTION_STATE_TOPIC_NAME, keys, localHost));
        }
        String message = "This broker has no coordinators of key type " + keyType + ".";
        return Promise.of(keys.stream()
                .map(key -> failed(key, Errors.INVALID_REQUEST, message))
                .toList());
    }

    private List<Coordinator> coordinators(String topic, List<String> keys, String localHost) {
        TopicImage image = shard.image().topic(topic);
        return keys.stream().map(key -> coordinator(image, key, localHost)).toList();
    }

    private Coordinator coordinator(@Nullable TopicImage topic, String key, String localHost) {
        PartitionState partition = topic == null
                ? null
                : topic.partition(
                        InternalTopics.partitionOf(key, topic.partitions().size()));
        BrokerImage broker = partition == null ? null : shard.image().broker(partition.leader());
        if (broker == null) {
            return failed(key, Errors.COORDINATOR_NOT_AVAILABLE, "The coordinator is not available yet.");
        }
        return new Coordinator()
                .setKey(key)
                .setNodeId(broker.id())
                .setHost(Objects.requireNonNullElse(broker.host(), localHost))
                .setPort(broker.port());
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
