package io.millrace.log.group;

import static io.millrace.log.group.GroupFixture.GROUP;
import static io.millrace.log.group.GroupFixture.commitRequest;
import static io.millrace.log.group.GroupFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class OffsetsTest {

    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final GroupFixture group = new GroupFixture();

    @Test
    void commitsSurviveTheCoordinator() {
        JoinGroupResponseData member = group.stableGroup(1).getFirst();
        assertThat(error(group.commit(member.memberId(), 1, 41))).isEqualTo(Errors.NONE);
        assertThat(error(group.commit(member.memberId(), 1, 42))).isEqualTo(Errors.NONE);

        group.failOver();

        OffsetFetchResponseGroup fetched = group.fetchAll().get();
        assertThat(fetched.topics()).hasSize(1);
        var partition = fetched.topics().getFirst().partitions().getFirst();
        assertThat(partition.committedOffset()).isEqualTo(42);
        assertThat(partition.committedLeaderEpoch()).isEqualTo(4);
        assertThat(partition.metadata()).isEqualTo("note");
    }

    @Test
    void aCommitIsNotAnsweredBeforeItIsCommittedNorIsAFetchThatSawIt() {
        group.log.commitByHand();
        Answer<OffsetCommitResponseData> commit = group.commit("", -1, 7);
        Answer<OffsetFetchResponseGroup> fetch = group.fetchAll();
        assertThat(commit.arrived()).isFalse();
        assertThat(fetch.arrived()).isFalse();

        group.log.commit();

        assertThat(error(commit)).isEqualTo(Errors.NONE);
        assertThat(fetch.get().topics().getFirst().partitions().getFirst().committedOffset())
                .isEqualTo(7);
    }

    @Test
    void aRefusedCommitLeavesTheLastOneInPlace() {
        assertThat(group.commitSimple(7)).isEqualTo(Errors.NONE);
        group.log.refuse(Errors.NOT_LEADER_OR_FOLLOWER);

        assertThat(group.commitSimple(8)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(group.offsets()).containsExactly(7L);

        group.log.refuse(Errors.MESSAGE_TOO_LARGE);
        assertThat(group.commitSimple(9)).isEqualTo(Errors.INVALID_COMMIT_OFFSET_SIZE);
        group.log.refuse(Errors.NONE);
        assertThat(group.commitSimple(10)).isEqualTo(Errors.NONE);
        assertThat(group.offsets()).containsExactly(10L);
    }

    @Test
    void aLostCommitIsTakenBack() {
        assertThat(group.commitSimple(7)).isEqualTo(Errors.NONE);
        group.log.commitByHand();
        Answer<OffsetCommitResponseData> lost = group.commit("", -1, 8);

        group.log.loseUncommitted(Errors.KAFKA_STORAGE_ERROR);
        group.timers.advance(1);

        assertThat(error(lost)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(group.offsets()).containsExactly(7L);
    }

    @Test
    void aStrangerCommitsOnlyWhileTheGroupHasNoMembers() {
        assertThat(group.commitSimple(1)).isEqualTo(Errors.NONE);
        group.stableGroup(1);

        assertThat(group.commitSimple(2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aGenerationOfAnUnknownGroupIsRefusedAsTheVersionHasIt() {
        assertThat(error(group.commit(commitRequest("gone", 3, 1), 8))).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(error(group.commit(commitRequest("gone", 3, 1), 9))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void aMemberWithoutItsAssignmentIsToldToGetItFirst() {
        Answer<JoinGroupResponseData> joined = group.joinAnew();
        group.timers.advance(GroupFixture.INITIAL_DELAY_MS);

        assertThat(error(group.commit(joined.get().memberId(), 1, 5))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aMemberCommitsForItsLastGenerationWhileTheNextIsPrepared() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        group.join(members.getFirst().memberId());

        assertThat(error(group.commit(members.getLast().memberId(), 1, 5))).isEqualTo(Errors.NONE);
    }

    @Test
    void anomalyA26aMemberThatSleptCommitsNothing() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        String sleeper = members.getFirst().memberId();
        String other = members.getLast().memberId();
        while (group.heartbeat(other, 1) == Errors.NONE) {
            group.timers.advance(1_000);
        }
        assertThat(GroupFixture.error(group.commit(sleeper, 1, 5))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);

        Answer<JoinGroupResponseData> next = group.join(other);
        group.assign(List.of(next.get()));
        assertThat(GroupFixture.error(group.commit(other, 1, 5)))
                .as("of the generation before")
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(GroupFixture.error(group.commit(sleeper, 2, 5))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.offsets()).isEmpty();
    }

    @Test
    void aTopicOfTheSameNameDoesNotInheritOffsets() {
        Uuid before = new Uuid(1, 1);
        Uuid after = new Uuid(1, 2);
        OffsetCommitRequestData request = commitRequest("", -1, 5);
        request.topics().getFirst().setTopicId(before);
        assertThat(GroupFixture.error(group.commit(request, 10))).isEqualTo(Errors.NONE);

        group.failOver();

        assertThat(offsetIn(before)).isEqualTo(5);
        assertThat(offsetIn(after)).isEqualTo(-1);
        assertThat(offsetIn(Uuid.ZERO_UUID)).as("asked for by name").isEqualTo(5);
        forget(after);
        assertThat(offsetIn(before)).isEqualTo(5);
        forget(before);
        assertThat(offsetIn(before)).isEqualTo(-1);
    }

    private long offsetIn(Uuid topic) {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(GroupFixture.GROUP)
                .setTopics(List.of(new OffsetFetchRequestTopics()
                        .setTopicId(topic)
                        .setName("orders")
                        .setPartitionIndexes(List.of(0))));
        Answer<OffsetFetchResponseGroup> answer =
                group.ask(request, 10, call -> group.state().fetchOffsets(call));
        return answer.get().topics().getFirst().partitions().getFirst().committedOffset();
    }

    private void forget(Uuid topic) {
        group.ask("orders", 0, call -> group.state().topicDeleted(call.request(), topic));
    }

    @Test
    void refusesMetadataThatIsTooLongForThatPartitionOnly() {
        var request = commitRequest("", -1, 5);
        var partitions = request.topics().getFirst().partitions();
        request.topics()
                .getFirst()
                .setPartitions(List.of(
                        partitions.getFirst(),
                        partitions.getFirst().duplicate().setPartitionIndex(1).setCommittedMetadata("x".repeat(4097))));

        var answers = group.commit(request, 9).get().topics().getFirst().partitions();

        assertThat(answers.getFirst().errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(answers.getLast().errorCode()).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE.code());
        assertThat(group.offsets()).containsExactly(5L);
    }

    @Test
    void aPartitionWithoutAnOffsetIsAnsweredWithMinusOne() {
        group.commitSimple(5);
        Answer<OffsetFetchResponseGroup> answer = group.ask(
                new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName("orders").setPartitionIndexes(List.of(0, 1)))),
                8,
                call -> group.state().fetchOffsets(call));

        var partitions = answer.get().topics().getFirst().partitions();
        assertThat(partitions.getFirst().committedOffset()).isEqualTo(5);
        assertThat(partitions.getLast().committedOffset()).isEqualTo(-1);
        assertThat(partitions.getLast().metadata()).isEmpty();
    }

    @Test
    void offsetsOfASimpleGroupExpireAfterTheLastCommit() {
        group.commitSimple(5);
        group.timers.advance(6 * DAY_MS);
        assertThat(group.offsets()).containsExactly(5L);

        group.timers.advance(DAY_MS + 600_000);

        assertThat(group.offsets()).isEmpty();
        assertThat(group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        group.failOver();
        assertThat(group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void anomalyA28offsetsNeverExpireWhileTheGroupHasMembers() {
        JoinGroupResponseData member = group.stableGroup(1).getFirst();
        group.commit(member.memberId(), 1, 5);
        for (long waited = 0; waited < 20 * DAY_MS; waited += GroupFixture.SESSION_MS - 1) {
            group.timers.advance(GroupFixture.SESSION_MS - 1);
            group.heartbeat(member.memberId(), 1);
        }
        assertThat(group.offsets()).containsExactly(5L);

        group.leave(member.memberId());
        group.timers.advance(6 * DAY_MS);
        assertThat(group.offsets()).containsExactly(5L);
        group.timers.advance(DAY_MS + 600_000);

        assertThat(group.offsets()).isEmpty();
    }

    @Test
    void aCommitMayBringItsOwnExpiry() {
        group.commit(commitRequest("", -1, 5).setRetentionTimeMs(DAY_MS), 4);
        group.failOver();
        assertThat(group.offsets()).containsExactly(5L);

        group.timers.advance(DAY_MS + 600_000);

        assertThat(group.offsets()).isEmpty();
    }

    @Test
    void aGroupIsDeletedWithItsOffsetsOnceItHasNoMembers() {
        assertThat(group.delete().get().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        JoinGroupResponseData member = group.stableGroup(1).getFirst();
        group.commit(member.memberId(), 1, 5);
        assertThat(group.delete().get().errorCode()).isEqualTo(Errors.NON_EMPTY_GROUP.code());
        group.leave(member.memberId());

        assertThat(group.delete().get().errorCode()).isEqualTo(Errors.NONE.code());

        assertThat(group.offsets()).isEmpty();
        assertThat(group.describe().groupState()).isEqualTo("Dead");
        group.failOver();
        assertThat(group.offsets()).isEmpty();
        assertThat(group.stableGroup(1).getFirst().generationId()).isEqualTo(1);
    }

    @Test
    void aRefusedDeletionLeavesTheGroup() {
        group.commitSimple(5);
        group.log.refuse(Errors.KAFKA_STORAGE_ERROR);

        assertThat(group.delete().get().errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());

        assertThat(group.offsets()).containsExactly(5L);
    }

    @Test
    void offsetsOfTopicsThatNoMemberReadsCanBeDeleted() {
        JoinGroupResponseData member = consumerOf("orders");
        group.commit(member.memberId(), 1, 5);
        assertThat(deleteOffset("orders")).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(group.offsets()).containsExactly(5L);
        group.leave(member.memberId());

        assertThat(deleteOffset("orders")).isEqualTo(Errors.NONE);

        assertThat(group.offsets()).isEmpty();
    }

    @Test
    void offsetsOfATopicUnreadByALiveGroupCanBeDeleted() {
        group.commitSimple(5);
        consumerOf("payments");

        assertThat(deleteOffset("orders")).isEqualTo(Errors.NONE);

        assertThat(group.offsets()).isEmpty();
    }

    @Test
    void tombstonesAndValuesStandUnderTheSameKey() {
        group.commitSimple(5);
        group.delete();

        var records = group.log.records();
        assertThat(records).hasSize(3);
        assertThat(records.get(1).key()).isEqualTo(records.get(0).key());
        assertThat(records.get(1).hasValue()).isFalse();
        assertThat(records.get(2).hasValue()).isFalse();
        assertThat(StandardCharsets.UTF_8
                        .decode(records.get(2).key().position(4))
                        .toString())
                .isEqualTo(GROUP);
    }

    private JoinGroupResponseData consumerOf(String topic) {
        JoinGroupRequestData request = GroupFixture.joinRequest("");
        request.protocols().clear();
        byte[] subscription = Utils.toArray(ConsumerProtocol.serializeSubscription(new Subscription(List.of(topic))));
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription));
        return group.complete(List.of(group.join(request, 3))).getFirst();
    }

    private Errors deleteOffset(String topic) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        Answer<OffsetDeleteResponseData> answer = group.ask(
                new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics),
                0,
                call -> group.state().deleteOffsets(call));
        assertThat(answer.get().errorCode()).isEqualTo(Errors.NONE.code());
        return Errors.forCode(
                answer.get().topics().find(topic).partitions().find(0).errorCode());
    }
}
