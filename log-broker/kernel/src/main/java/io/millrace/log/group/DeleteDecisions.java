package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.group.PendingOffsets.Position;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartitionCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopicCollection;
import org.apache.kafka.common.protocol.Errors;

/** DeleteGroups 0 to 2, one group at a time, and OffsetDelete 0 (KIP-496). */
final class DeleteDecisions {

    private final GroupTable groups;

    DeleteDecisions(GroupTable groups) {
        this.groups = groups;
    }

    /** Deletes a group without members, its offsets included, and those that open transactions have brought. */
    Decision deleteGroup(Call<String, DeletableGroupResult> call) {
        String groupId = call.request();
        Errors invalid = deletable(groupId);
        if (invalid != Errors.NONE) {
            call.answer().accept(GroupAnswers.deleted(groupId, invalid));
            return Decision.NOTHING;
        }
        return Decision.write(tombstones(groupId), error -> call.answer().accept(GroupAnswers.deleted(groupId, error)));
    }

    /** Deletes offsets of a group, but of topics that a member reads. */
    Decision deleteOffsets(Call<OffsetDeleteRequestData, OffsetDeleteResponseData> call) {
        OffsetDeleteRequestData request = call.request();
        String groupId = request.groupId();
        if (!groups.exists(groupId)) {
            call.answer().accept(GroupAnswers.offsetDeleteFailed(Errors.GROUP_ID_NOT_FOUND));
            return Decision.NOTHING;
        }
        ClassicGroup group = groups.find(groupId);
        if (group != null && !group.is(GroupState.EMPTY) && !Subscriptions.isConsumer(group)) {
            call.answer().accept(GroupAnswers.offsetDeleteFailed(Errors.NON_EMPTY_GROUP));
            return Decision.NOTHING;
        }
        List<CoordinatorRecord> records = new ArrayList<>();
        OffsetDeleteResponseTopicCollection topics = new OffsetDeleteResponseTopicCollection();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            topics.add(deleteOffsets(groupId, topic, records));
        }
        OffsetDeleteResponseData answer = new OffsetDeleteResponseData().setTopics(topics);
        return Decision.write(
                records,
                error -> call.answer().accept(error == Errors.NONE ? answer : GroupAnswers.offsetDeleteFailed(error)));
    }

    private OffsetDeleteResponseTopic deleteOffsets(
            String groupId, OffsetDeleteRequestTopic topic, List<CoordinatorRecord> records) {
        Errors error = mayRead(groupId, topic.name()) ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE;
        OffsetDeleteResponsePartitionCollection partitions = new OffsetDeleteResponsePartitionCollection();
        topic.partitions().forEach(each -> {
            int index = each.partitionIndex();
            partitions.add(
                    new OffsetDeleteResponsePartition().setPartitionIndex(index).setErrorCode(error.code()));
            boolean there = groups.offsets().get(groupId, topic.name(), index) != null
                    || groups.offsets().isPending(groupId, topic.name(), index);
            if (error == Errors.NONE && there) {
                records.add(GroupRecordCodec.offsetTombstone(groupId, topic.name(), index));
            }
        });
        return new OffsetDeleteResponseTopic().setName(topic.name()).setPartitions(partitions);
    }

    private boolean mayRead(String groupId, String topic) {
        ConsumerGroup consumers = groups.consumer(groupId);
        ClassicGroup group = groups.find(groupId);
        return (consumers != null && consumers.topics().contains(topic))
                || (group != null && Subscriptions.mayRead(group, topic));
    }

    private Errors deletable(String groupId) {
        if (groupId.isEmpty()) {
            return Errors.INVALID_GROUP_ID;
        }
        if (!groups.exists(groupId)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        ConsumerGroup consumers = groups.consumer(groupId);
        ClassicGroup group = groups.find(groupId);
        boolean empty = consumers == null ? group != null && group.is(GroupState.EMPTY) : consumers.isEmpty();
        return empty ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    private List<CoordinatorRecord> tombstones(String groupId) {
        List<CoordinatorRecord> records = new ArrayList<>();
        groups.offsets()
                .of(groupId)
                .forEach((topic, partitions) -> partitions
                        .keySet()
                        .forEach(index -> records.add(GroupRecordCodec.offsetTombstone(groupId, topic, index))));
        for (Position each : groups.offsets().pending().of(groupId)) {
            if (groups.offsets().get(groupId, each.topic(), each.partition()) == null) {
                records.add(GroupRecordCodec.offsetTombstone(groupId, each.topic(), each.partition()));
            }
        }
        records.addAll(groups.tombstones(groupId));
        return records;
    }
}
