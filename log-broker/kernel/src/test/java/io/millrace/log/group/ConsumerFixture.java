package io.millrace.log.group;

import io.millrace.log.coordinator.SimLog;
import io.millrace.log.coordinator.SimTimers;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;

/** One coordinator over a log in memory, and the words of its clients of the consumer protocol. */
final class ConsumerFixture {

    static final String GROUP = GroupFixture.GROUP;
    static final int SESSION_MS = 45_000;
    static final int REBALANCE_MS = 60_000;

    /** More than {@code group.consumer.assignment.interval.ms}: what changed is assigned with the next heartbeat. */
    static final int PAUSE_MS = 2_000;

    final GroupFixture group;
    final SimTimers timers;
    final SimLog log;
    final SimTopics topics;

    ConsumerFixture() {
        this(GroupConfig.defaults());
    }

    ConsumerFixture(GroupConfig config) {
        group = new GroupFixture(config);
        timers = group.timers;
        log = group.log;
        topics = group.topics;
    }

    static ConsumerGroupHeartbeatRequestData joinRequest(String memberId, String... topics) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setSubscribedTopicNames(List.of(topics))
                .setTopicPartitions(List.of());
    }

    static ConsumerGroupHeartbeatRequestData request(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    static List<TopicPartitions> owned(Collection<PartitionId> partitions) {
        SortedMap<Uuid, List<Integer>> byTopic = ConsumerAnswers.byTopic(partitions);
        List<TopicPartitions> owned = new ArrayList<>();
        byTopic.forEach((topic, indexes) ->
                owned.add(new TopicPartitions().setTopicId(topic).setPartitions(indexes)));
        return owned;
    }

    Answer<ConsumerGroupHeartbeatResponseData> send(ConsumerGroupHeartbeatRequestData request, int version) {
        return group.ask(request, version, call -> group.state().consumerHeartbeat(call));
    }

    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        return send(request, 1).get();
    }

    ConsumerGroupHeartbeatResponseData join(String memberId, String... topics) {
        return heartbeat(joinRequest(memberId, topics));
    }

    ConsumerGroupHeartbeatResponseData beat(String memberId, int epoch) {
        return heartbeat(request(memberId, epoch));
    }

    /** A heartbeat that tells what the member reads. */
    ConsumerGroupHeartbeatResponseData beat(String memberId, int epoch, Collection<PartitionId> owned) {
        return heartbeat(request(memberId, epoch).setTopicPartitions(owned(owned)));
    }

    static Errors error(ConsumerGroupHeartbeatResponseData answer) {
        return Errors.forCode(answer.errorCode());
    }

    /** What the answer gives the member to read; empty if it does not say. */
    static SortedSet<PartitionId> assigned(ConsumerGroupHeartbeatResponseData answer) {
        SortedSet<PartitionId> assigned = new TreeSet<>();
        if (answer.assignment() != null) {
            answer.assignment()
                    .topicPartitions()
                    .forEach(topic ->
                            topic.partitions().forEach(index -> assigned.add(new PartitionId(topic.topicId(), index))));
        }
        return assigned;
    }

    void pause() {
        timers.advance(PAUSE_MS);
    }

    DescribedGroup describe() {
        Answer<DescribedGroup> answer =
                group.ask(GROUP, 1, call -> group.state().describeConsumers(call));
        return answer.get();
    }

    /** Name, protocol type, state and type of the groups of a type; of all, if it is empty. */
    List<String> list(String type) {
        ListGroupsRequestData filters = new ListGroupsRequestData();
        if (!type.isEmpty()) {
            filters.setTypesFilter(List.of(type));
        }
        return group.list(filters).stream()
                .map(each -> String.join(" ", each.groupId(), each.protocolType(), each.groupState(), each.groupType()))
                .toList();
    }

    /** What each member may read now, as ConsumerGroupDescribe tells it. */
    SortedMap<String, SortedSet<PartitionId>> assignments() {
        SortedMap<String, SortedSet<PartitionId>> assignments = new TreeMap<>();
        describe().members().forEach(each -> assignments.put(each.memberId(), partitions(each.assignment())));
        return assignments;
    }

    private static SortedSet<PartitionId> partitions(ConsumerGroupDescribeResponseData.Assignment assignment) {
        SortedSet<PartitionId> partitions = new TreeSet<>();
        assignment
                .topicPartitions()
                .forEach(topic ->
                        topic.partitions().forEach(index -> partitions.add(new PartitionId(topic.topicId(), index))));
        return partitions;
    }

    /** A commit for partition 0 of topic {@code orders}. */
    Errors commit(String memberId, int epoch, int version) {
        OffsetCommitRequestData request = GroupFixture.commitRequest(memberId, epoch, 5);
        request.topics().getFirst().setTopicId(topics.id("orders"));
        return GroupFixture.error(group.commit(request, version));
    }

    Errors fetch(String memberId, int epoch) {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setTopics(null);
        Answer<OffsetFetchResponseGroup> answer =
                group.ask(request, 10, call -> group.state().fetchOffsets(call));
        return Errors.forCode(answer.get().errorCode());
    }
}
