package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;

/** What ConsumerGroupDescribe 0 and 1 tells of the consumer groups of one coordinator. */
final class ConsumerGroupQueries {

    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private final GroupTable groups;
    private final ConsumerGroupSettings settings;

    ConsumerGroupQueries(GroupTable groups, ConsumerGroupSettings settings) {
        this.groups = groups;
        this.settings = settings;
    }

    DescribedGroup describe(String groupId) {
        ConsumerGroup group = groups.consumer(groupId);
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        if (group == null) {
            Refusal unknown = ConsumerMemberRules.unknownGroup(groupId);
            return described.setErrorCode(unknown.error().code()).setErrorMessage(unknown.message());
        }
        ClusterImage image = settings.image();
        return described
                .setGroupState(group.state().label())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.targetEpoch())
                .setAssignorName(
                        Targets.preferred(group, settings.defaultAssignor()).name())
                .setMembers(group.members().stream()
                        .map(each -> describe(group, each, image))
                        .toList());
    }

    private static Member describe(ConsumerGroup group, ConsumerMember member, ClusterImage image) {
        MemberSubscription subscription = member.subscription();
        // What the member has to give up it still reads.
        TreeSet<PartitionId> held = new TreeSet<>(member.current().assigned().keySet());
        held.addAll(member.current().revoking().keySet());
        return new Member()
                .setMemberId(member.id())
                .setInstanceId(member.instanceId())
                .setRackId(subscription.rackId())
                .setMemberEpoch(member.current().epoch())
                .setClientId(member.profile().identity().clientId())
                .setClientHost(member.profile().identity().clientHost())
                .setSubscribedTopicNames(List.copyOf(subscription.topics()))
                .setSubscribedTopicRegex(subscription.regex())
                .setAssignment(assignment(held, image))
                .setTargetAssignment(assignment(group.target(member.id()), image))
                .setMemberType(member.isClassic() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    /** Topics that are gone have no name, and are left out. */
    private static Assignment assignment(Collection<PartitionId> partitions, ClusterImage image) {
        List<TopicPartitions> topics = new ArrayList<>();
        ConsumerAnswers.byTopic(partitions).forEach((id, indexes) -> {
            TopicImage topic = image.topic(id);
            if (topic != null) {
                topics.add(new TopicPartitions()
                        .setTopicId(id)
                        .setTopicName(topic.name())
                        .setPartitions(indexes));
            }
        });
        return new Assignment().setTopicPartitions(topics);
    }
}
