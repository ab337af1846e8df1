package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.GroupConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * OffsetCommit 2 to 10. A member commits for its generation or in its epoch; a client that manages its partitions
 * itself commits without one, and may do so only while the group has no members.
 */
final class OffsetCommitDecisions {

    private static final short FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 9;

    private final GroupConfig config;
    private final GroupTable groups;
    private final Rebalance rebalance;

    OffsetCommitDecisions(GroupConfig config, GroupTable groups, Rebalance rebalance) {
        this.config = config;
        this.groups = groups;
        this.rebalance = rebalance;
    }

    /** @param call with the ids of its topics, whatever its version */
    Decision commit(Call<OffsetCommitRequestData, OffsetCommitResponseData> call) {
        OffsetCommitRequestData request = call.request();
        ConsumerGroup consumers = groups.consumer(request.groupId());
        ClassicGroup group = groups.find(request.groupId());
        Errors invalid = consumers == null
                ? validate(call, group)
                : ConsumerOffsetRules.commitError(
                        consumers, request, call.caller().version());
        if (invalid != Errors.NONE) {
            call.answer().accept(GroupAnswers.commitFailed(request, invalid));
            return Decision.NOTHING;
        }
        Member member = group == null ? null : group.member(request.memberId());
        if (group != null && member != null) {
            rebalance.keepAlive(group, member, call.nowMs());
        }
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        List<CoordinatorRecord> records = records(call, answer);
        if (records.isEmpty()) {
            call.answer().accept(answer);
            return Decision.NOTHING;
        }
        return Decision.write(
                records,
                error -> call.answer()
                        .accept(
                                error == Errors.NONE
                                        ? answer
                                        : GroupAnswers.commitFailed(request, commitError(error))));
    }

    private List<CoordinatorRecord> records(
            Call<OffsetCommitRequestData, OffsetCommitResponseData> call, OffsetCommitResponseData answer) {
        OffsetCommitRequestData request = call.request();
        List<CoordinatorRecord> records = new ArrayList<>();
        request.topics().forEach(topic -> {
            OffsetCommitResponseTopic topicAnswer = GroupAnswers.committed(topic);
            answer.topics().add(topicAnswer);
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                boolean tooLong = isTooLong(partition.committedMetadata());
                Errors error = tooLong ? Errors.OFFSET_METADATA_TOO_LARGE : Errors.NONE;
                topicAnswer.partitions().add(GroupAnswers.committed(partition.partitionIndex(), error));
                if (!tooLong) {
                    CommittedOffset committed = committed(partition, request.retentionTimeMs(), call.nowMs())
                            .inTopic(topic.topicId());
                    records.add(GroupRecordCodec.offset(
                            request.groupId(), topic.name(), partition.partitionIndex(), committed));
                }
            }
        });
        return records;
    }

    private static Errors validate(
            Call<OffsetCommitRequestData, OffsetCommitResponseData> call, @Nullable ClassicGroup group) {
        OffsetCommitRequestData request = call.request();
        int generation = request.generationIdOrMemberEpoch();
        if (group == null) {
            if (generation < 0) {
                return Errors.NONE;
            }
            boolean saysSo = call.caller().version() >= FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND;
            return saysSo ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
        }
        if (generation < 0 && group.is(GroupState.EMPTY)) {
            return Errors.NONE;
        }
        Errors invalid = group.validate(request.memberId(), request.groupInstanceId());
        if (invalid != Errors.NONE) {
            return invalid;
        }
        if (generation != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        // The member knows of a generation whose assignment it does not have: it is told to get that first.
        return group.is(GroupState.COMPLETING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private boolean isTooLong(@Nullable String metadata) {
        return metadata != null && metadata.length() > config.offsetMetadataMax();
    }

    private static CommittedOffset committed(OffsetCommitRequestPartition partition, long retentionMs, long nowMs) {
        String metadata = partition.committedMetadata();
        return new CommittedOffset(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata == null ? "" : metadata,
                nowMs,
                retentionMs < 0 ? CommittedOffset.NO_EXPIRY : nowMs + retentionMs);
    }

    static Errors commitError(Errors error) {
        return error == Errors.RECORD_LIST_TOO_LARGE ? Errors.INVALID_COMMIT_OFFSET_SIZE : error;
    }
}
