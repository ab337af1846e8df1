package io.millrace.log.api;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTopicPartitions (KIP-966): topics by name, page by page; a cursor says where the next page begins. */
final class DescribeTopicPartitionsHandler implements RequestHandler<DescribeTopicPartitionsRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, 0);
    private static final int NO_LEADER = -1;

    private final LocalShard shard;

    DescribeTopicPartitionsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeTopicPartitionsRequestData request, RequestContext context) {
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        int left = Math.clamp(
                request.responsePartitionLimit(), 1, shard.settings().integer(BrokerSettings.PAGE_PARTITIONS_MAX));
        String firstTopic = request.cursor() == null ? "" : request.cursor().topicName();
        int firstIndex = request.cursor() == null ? 0 : request.cursor().partitionIndex();
        for (String name : names(request).tailSet(firstTopic)) {
            if (left == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                break;
            }
            int from = name.equals(firstTopic) ? firstIndex : 0;
            DescribeTopicPartitionsResponseTopic topic = describe(name, from, left);
            response.topics().add(topic);
            left -= topic.partitions().size();
            int next = from + topic.partitions().size();
            if (next < partitionsOf(name)) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(next));
                break;
            }
        }
        return Promise.of(response);
    }

    private SortedSet<String> names(DescribeTopicPartitionsRequestData request) {
        SortedSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            shard.image().topics().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        return names;
    }

    private int partitionsOf(String name) {
        TopicImage topic = shard.image().topic(name);
        return topic == null ? 0 : topic.partitions().size();
    }

    private DescribeTopicPartitionsResponseTopic describe(String name, int from, int limit) {
        TopicImage topic = shard.image().topic(name);
        if (topic == null) {
            Errors error = Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
            return new DescribeTopicPartitionsResponseTopic().setName(name).setErrorCode(error.code());
        }
        List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
        int end = Math.min(topic.partitions().size(), Math.max(0, from) + limit);
        for (int index = Math.max(0, from); index < end; index++) {
            PartitionState state = topic.partitions().get(index);
            boolean offline = shard.offline().contains(new PartitionId(topic.id(), index));
            Errors error = offline ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
            partitions.add(new DescribeTopicPartitionsResponsePartition()
                    .setPartitionIndex(index)
                    .setErrorCode(error.code())
                    .setLeaderId(offline ? NO_LEADER : state.leader())
                    .setOfflineReplicas(offline ? state.replicas() : List.of())
                    .setLeaderEpoch(state.leaderEpoch())
                    .setReplicaNodes(state.replicas())
                    .setIsrNodes(state.isr())
                    // Null in the protocol, but the Java admin client walks both lists.
                    .setEligibleLeaderReplicas(List.of())
                    .setLastKnownElr(List.of()));
        }
        return new DescribeTopicPartitionsResponseTopic()
                .setName(name)
                .setTopicId(topic.id())
                .setIsInternal(Topic.isInternal(name))
                .setPartitions(partitions)
                .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
    }
}
