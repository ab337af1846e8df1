package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.Errors;

/** Parts of the answers of the consumer protocol. */
public final class ConsumerAnswers {

    private ConsumerAnswers() {}

    public static ConsumerGroupHeartbeatResponseData heartbeat(Errors error) {
        return new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    static ConsumerGroupHeartbeatResponseData heartbeat(Refusal refusal) {
        return new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(refusal.error().code())
                .setErrorMessage(refusal.message());
    }

    static Assignment assignment(Collection<PartitionId> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        byTopic(partitions)
                .forEach((topic, indexes) ->
                        topics.add(new TopicPartitions().setTopicId(topic).setPartitions(indexes)));
        return new Assignment().setTopicPartitions(topics);
    }

    public static ConsumerGroupDescribeResponseData.DescribedGroup describeFailed(String groupId, Errors error) {
        return new ConsumerGroupDescribeResponseData.DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(error.code());
    }

    static SortedMap<Uuid, List<Integer>> byTopic(Collection<PartitionId> partitions) {
        SortedMap<Uuid, List<Integer>> byTopic = new TreeMap<>();
        partitions.forEach(each ->
                byTopic.computeIfAbsent(each.topic(), _ -> new ArrayList<>()).add(each.index()));
        return byTopic;
    }
}
