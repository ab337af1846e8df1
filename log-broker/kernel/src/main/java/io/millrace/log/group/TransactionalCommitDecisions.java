package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * TxnOffsetCommit 0 to 5. Offsets are written as part of the producer's transaction, whose coordinator has given its
 * word for the partition. A consumer that was left behind by its group is refused, if the request says who it is
 * (KIP-447); the state of the group is no matter otherwise.
 */
final class TransactionalCommitDecisions {

    private final GroupConfig config;
    private final GroupTable groups;
    private final Supplier<ClusterImage> image;

    TransactionalCommitDecisions(GroupConfig config, GroupTable groups, Supplier<ClusterImage> image) {
        this.config = config;
        this.groups = groups;
        this.image = image;
    }

    Decision commit(Call<TxnOffsetCommitRequestData, TxnOffsetCommitResponseData> call) {
        TxnOffsetCommitRequestData request = call.request();
        ConsumerGroup consumers = groups.consumer(request.groupId());
        Errors invalid = consumers == null
                ? validate(request, groups.find(request.groupId()))
                : ConsumerOffsetRules.transactionError(consumers, request, image.get());
        if (invalid != Errors.NONE) {
            call.answer().accept(GroupAnswers.commitFailed(request, invalid));
            return Decision.NOTHING;
        }
        TxnOffsetCommitResponseData answer = new TxnOffsetCommitResponseData();
        List<CoordinatorRecord> records = records(request, call.nowMs(), answer);
        if (records.isEmpty()) {
            call.answer().accept(answer);
            return Decision.NOTHING;
        }
        return Decision.writeTransactional(
                new Decision.Producer(request.producerId(), request.producerEpoch()),
                records,
                error -> call.answer()
                        .accept(
                                error == Errors.NONE
                                        ? answer
                                        : GroupAnswers.commitFailed(
                                                request, OffsetCommitDecisions.commitError(error))));
    }

    private static Errors validate(TxnOffsetCommitRequestData request, @Nullable ClassicGroup group) {
        int generation = request.generationIdOrMemberEpoch();
        if (group == null) {
            return generation < 0 ? Errors.NONE : Errors.ILLEGAL_GENERATION;
        }
        boolean saysWho = generation >= 0 || !request.memberId().isEmpty() || request.groupInstanceId() != null;
        if (!saysWho || (generation < 0 && group.is(GroupState.EMPTY))) {
            return Errors.NONE;
        }
        Errors invalid = group.validate(request.memberId(), request.groupInstanceId());
        if (invalid != Errors.NONE) {
            return invalid;
        }
        return generation == group.generation() ? Errors.NONE : Errors.ILLEGAL_GENERATION;
    }

    private List<CoordinatorRecord> records(
            TxnOffsetCommitRequestData request, long nowMs, TxnOffsetCommitResponseData answer) {
        List<CoordinatorRecord> records = new ArrayList<>();
        request.topics().forEach(topic -> {
            TxnOffsetCommitResponseTopic topicAnswer = new TxnOffsetCommitResponseTopic().setName(topic.name());
            answer.topics().add(topicAnswer);
            TopicImage known = image.get().topic(topic.name());
            Uuid topicId = known == null ? Uuid.ZERO_UUID : known.id();
            for (TxnOffsetCommitRequestPartition each : topic.partitions()) {
                String metadata = each.committedMetadata() == null ? "" : each.committedMetadata();
                boolean tooLong = metadata.length() > config.offsetMetadataMax();
                Errors error = tooLong ? Errors.OFFSET_METADATA_TOO_LARGE : Errors.NONE;
                topicAnswer.partitions().add(GroupAnswers.committedInTransaction(each.partitionIndex(), error));
                if (!tooLong) {
                    CommittedOffset committed = new CommittedOffset(
                                    each.committedOffset(),
                                    each.committedLeaderEpoch(),
                                    metadata,
                                    nowMs,
                                    CommittedOffset.NO_EXPIRY)
                            .inTopic(topicId);
                    records.add(
                            GroupRecordCodec.offset(request.groupId(), topic.name(), each.partitionIndex(), committed));
                }
            }
        });
        return records;
    }
}
