package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * OffsetFetch 1 to 10, one group at a time. The answer holds what was last committed to the group when the request
 * came, and leaves when that is safe: no offset is ever seen that can still be lost.
 */
final class OffsetFetchDecisions {

    private static final long NO_OFFSET = -1;

    private final GroupTable groups;
    private final Offsets offsets;

    OffsetFetchDecisions(GroupTable groups) {
        this.groups = groups;
        this.offsets = groups.offsets();
    }

    /**
     * @param stable whether a partition is answered UNSTABLE_OFFSET_COMMIT, to be asked for again, while an open
     *     transaction has brought an offset for it (KIP-447)
     */
    Decision fetch(Call<OffsetFetchRequestGroup, OffsetFetchResponseGroup> call, boolean stable) {
        OffsetFetchRequestGroup request = call.request();
        ConsumerGroup consumers = groups.consumer(request.groupId());
        Errors invalid = consumers == null ? Errors.NONE : ConsumerOffsetRules.fetchError(consumers, request);
        if (invalid != Errors.NONE) {
            return Decision.read(error -> call.answer()
                    .accept(GroupAnswers.fetchFailed(request.groupId(), error == Errors.NONE ? invalid : error)));
        }
        List<OffsetFetchRequestTopics> asked = request.topics();
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup()
                .setGroupId(request.groupId())
                .setTopics(asked == null ? all(request.groupId()) : some(request.groupId(), asked));
        if (stable) {
            answer.topics().forEach(topic -> hidePending(request.groupId(), topic));
        }
        return Decision.read(error -> call.answer()
                .accept(error == Errors.NONE ? answer : GroupAnswers.fetchFailed(request.groupId(), error)));
    }

    private List<OffsetFetchResponseTopics> all(String groupId) {
        List<OffsetFetchResponseTopics> topics = new ArrayList<>();
        offsets.of(groupId).forEach((topic, partitions) -> topics.add(topic(topic, partitions)));
        return topics;
    }

    private static OffsetFetchResponseTopics topic(String topic, SortedMap<Integer, CommittedOffset> partitions) {
        List<OffsetFetchResponsePartitions> answers = new ArrayList<>();
        partitions.forEach((index, committed) -> answers.add(partition(index, committed)));
        return new OffsetFetchResponseTopics().setName(topic).setPartitions(answers);
    }

    private List<OffsetFetchResponseTopics> some(String groupId, List<OffsetFetchRequestTopics> asked) {
        return asked.stream()
                .map(topic -> new OffsetFetchResponseTopics()
                        .setTopicId(topic.topicId())
                        .setName(topic.name())
                        .setPartitions(topic.partitionIndexes().stream()
                                .map(index -> partition(index, offset(groupId, topic, index)))
                                .toList()))
                .toList();
    }

    /** Of a topic that was told by its id, nothing that was committed for one before it of the same name. */
    private @Nullable CommittedOffset offset(String groupId, OffsetFetchRequestTopics topic, int index) {
        CommittedOffset committed = offsets.get(groupId, topic.name(), index);
        return committed != null && committed.mayBeIn(topic.topicId()) ? committed : null;
    }

    private void hidePending(String groupId, OffsetFetchResponseTopics topic) {
        for (OffsetFetchResponsePartitions each : topic.partitions()) {
            if (offsets.isPending(groupId, topic.name(), each.partitionIndex())) {
                each.setErrorCode(Errors.UNSTABLE_OFFSET_COMMIT.code())
                        .setCommittedOffset(NO_OFFSET)
                        .setCommittedLeaderEpoch(CommittedOffset.NO_LEADER_EPOCH)
                        .setMetadata("");
            }
        }
    }

    private static OffsetFetchResponsePartitions partition(int index, @Nullable CommittedOffset committed) {
        OffsetFetchResponsePartitions answer = new OffsetFetchResponsePartitions().setPartitionIndex(index);
        if (committed == null) {
            return answer.setCommittedOffset(NO_OFFSET).setMetadata("");
        }
        return answer.setCommittedOffset(committed.offset())
                .setCommittedLeaderEpoch(committed.leaderEpoch())
                .setMetadata(committed.metadata());
    }
}
