package io.millrace.log.api;

import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.NodeCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * DescribeQuorum (KIP-595, KIP-836, KIP-853): this broker is the only voter, and leads. Offsets are those of batches of
 * the metadata log. The leader's epoch grows with every start, as Kafka's.
 */
final class DescribeQuorumHandler implements RequestHandler<DescribeQuorumRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_QUORUM, 0, 2);
    private static final int NODES_SINCE = 2;

    private final LocalShard shard;

    DescribeQuorumHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeQuorumRequestData request, RequestContext context) {
        DescribeQuorumResponseData response = new DescribeQuorumResponseData().setErrorMessage("");
        for (DescribeQuorumRequestData.TopicData topic : request.topics()) {
            DescribeQuorumResponseData.TopicData answer =
                    new DescribeQuorumResponseData.TopicData().setTopicName(topic.topicName());
            for (DescribeQuorumRequestData.PartitionData partition : topic.partitions()) {
                boolean known = topic.topicName().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
                        && partition.partitionIndex() == Topic.CLUSTER_METADATA_TOPIC_PARTITION.partition();
                answer.partitions().add(known ? quorum() : unknown(partition.partitionIndex()));
                if (known && context.version() >= NODES_SINCE) {
                    response.setNodes(nodes(context));
                }
            }
            response.topics().add(answer);
        }
        return Promise.of(response);
    }

    private PartitionData quorum() {
        int self = shard.config().brokerId();
        long end = shard.metadataEnd();
        long now = shard.timers().now();
        return new PartitionData()
                .setPartitionIndex(Topic.CLUSTER_METADATA_TOPIC_PARTITION.partition())
                .setErrorMessage("")
                .setLeaderId(self)
                .setLeaderEpoch(shard.config().metadataEpoch())
                .setHighWatermark(end)
                .setCurrentVoters(List.of(new ReplicaState()
                        .setReplicaId(self)
                        .setLogEndOffset(end)
                        .setLastFetchTimestamp(now)
                        .setLastCaughtUpTimestamp(now)));
    }

    private static PartitionData unknown(int index) {
        return new PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }

    private NodeCollection nodes(RequestContext context) {
        BrokerConfig self = shard.config();
        Listener listener = new Listener()
                .setName(SecurityProtocol.PLAINTEXT.name)
                .setHost(Objects.requireNonNullElse(self.advertisedHost(), context.localHost()))
                .setPort(self.port());
        Node node = new Node().setNodeId(self.brokerId());
        node.listeners().add(listener);
        NodeCollection nodes = new NodeCollection();
        nodes.add(node);
        return nodes;
    }
}
