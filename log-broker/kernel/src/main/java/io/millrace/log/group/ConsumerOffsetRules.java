package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Who may commit and fetch the offsets of a {@link ConsumerGroup}. A member commits in its epoch; in an older one, only
 * for partitions that it has had since (KIP-1251), so that one that slept while its partitions were given to others
 * changes nothing. The whole request stands or falls.
 */
final class ConsumerOffsetRules {

    /** Clients that know of member epochs know this version. */
    private static final short FIRST_VERSION_WITH_MEMBER_EPOCH = 9;

    private ConsumerOffsetRules() {}

    /** @param request with the ids of its topics, whatever its version */
    static Errors commitError(ConsumerGroup group, OffsetCommitRequestData request, short version) {
        int epoch = request.generationIdOrMemberEpoch();
        if (epoch < 0 && group.isEmpty()) {
            return Errors.NONE;
        }
        ConsumerMember member = group.member(request.memberId());
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (!member.isClassic() && version < FIRST_VERSION_WITH_MEMBER_EPOCH) {
            return Errors.UNSUPPORTED_VERSION;
        }
        List<PartitionId> partitions = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each -> partitions.add(new PartitionId(topic.topicId(), each.partitionIndex()))));
        return mayCommit(member, epoch, partitions) ? Errors.NONE : stale(member);
    }

    /** A producer's request need not say for which member it commits. */
    static Errors transactionError(ConsumerGroup group, TxnOffsetCommitRequestData request, ClusterImage image) {
        int epoch = request.generationIdOrMemberEpoch();
        boolean saysWho = epoch >= 0 || !request.memberId().isEmpty() || request.groupInstanceId() != null;
        if (!saysWho || (epoch < 0 && group.isEmpty())) {
            return Errors.NONE;
        }
        ConsumerMember member = group.member(request.memberId());
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        List<PartitionId> partitions = new ArrayList<>();
        request.topics().forEach(topic -> {
            TopicImage known = image.topic(topic.name());
            Uuid id = known == null ? Uuid.ZERO_UUID : known.id();
            topic.partitions().forEach(each -> partitions.add(new PartitionId(id, each.partitionIndex())));
        });
        return mayCommit(member, epoch, partitions) ? Errors.NONE : Errors.ILLEGAL_GENERATION;
    }

    static Errors fetchError(ConsumerGroup group, OffsetFetchRequestGroup request) {
        if (request.memberId() == null && request.memberEpoch() < 0) {
            return Errors.NONE;
        }
        ConsumerMember member = request.memberId() == null ? null : group.member(request.memberId());
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return request.memberEpoch() == member.current().epoch() ? Errors.NONE : stale(member);
    }

    private static Errors stale(ConsumerMember member) {
        return member.isClassic() ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }

    private static boolean mayCommit(ConsumerMember member, int epoch, List<PartitionId> partitions) {
        int current = member.current().epoch();
        return epoch == current
                || (epoch < current && partitions.stream().allMatch(each -> hasHadSince(member, each, epoch)));
    }

    private static boolean hasHadSince(ConsumerMember member, PartitionId partition, int epoch) {
        Map<PartitionId, Integer> assigned = member.current().assigned();
        Integer given =
                assigned.getOrDefault(partition, member.current().revoking().get(partition));
        return given != null && epoch >= given;
    }
}
