package io.millrace.log.group;

import static io.millrace.log.group.ConsumerFixture.GROUP;
import static io.millrace.log.group.ConsumerFixture.REBALANCE_MS;
import static io.millrace.log.group.ConsumerFixture.SESSION_MS;
import static io.millrace.log.group.ConsumerFixture.assigned;
import static io.millrace.log.group.ConsumerFixture.error;
import static io.millrace.log.group.ConsumerFixture.joinRequest;
import static io.millrace.log.group.ConsumerFixture.owned;
import static io.millrace.log.group.ConsumerFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.ConsumerGroupConfig;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerGroupTest {

    private final ConsumerFixture group = new ConsumerFixture();

    @BeforeEach
    void createTopics() {
        group.topics.create("orders", 4);
    }

    private PartitionId orders(int index) {
        return group.topics.partition("orders", index);
    }

    @Test
    void theFirstMemberIsGivenEverythingAtOnce() {
        ConsumerGroupHeartbeatResponseData answer = group.join("a", "orders");

        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(answer.memberId()).isEqualTo("a");
        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(answer.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(assigned(answer)).containsExactly(orders(0), orders(1), orders(2), orders(3));
        assertThat(group.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void aMemberOfTheFirstVersionIsGivenItsId() {
        ConsumerGroupHeartbeatResponseData answer =
                group.send(joinRequest("", "orders"), 0).get();

        assertThat(answer.memberId()).isNotEmpty();
        assertThat(error(group.beat(answer.memberId(), answer.memberEpoch()))).isEqualTo(Errors.NONE);
    }

    @Test
    void aHeartbeatThatChangesNothingWritesNothingAndTellsNoAssignment() {
        group.join("a", "orders");
        int records = group.log.records().size();

        ConsumerGroupHeartbeatResponseData answer = group.beat("a", 2);

        assertThat(answer.assignment()).isNull();
        assertThat(group.log.records()).hasSize(records);
    }

    @Test
    void aWholeRequestIsToldTheAssignmentAgain() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));

        ConsumerGroupHeartbeatResponseData answer = group.heartbeat(request("a", 2)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setSubscribedTopicNames(List.of("orders"))
                .setTopicPartitions(ConsumerFixture.owned(all)));

        assertThat(assigned(answer)).isEqualTo(all);
    }

    @Test
    void anomalyA27aPartitionIsGivenToItsNewOwnerOnlyWhenTheOldOneHasGivenItUp() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        group.pause();

        ConsumerGroupHeartbeatResponseData joined = group.join("b", "orders");
        assertThat(joined.memberEpoch()).isEqualTo(3);
        assertThat(assigned(joined)).isEmpty();

        ConsumerGroupHeartbeatResponseData told = group.beat("a", 2, all);
        assertThat(told.memberEpoch()).isEqualTo(2);
        SortedSet<PartitionId> kept = assigned(told);
        assertThat(kept).hasSize(2);
        assertThat(assigned(group.beat("b", 3, List.of()))).isEmpty();
        assertThat(group.assignments().get("a")).isEqualTo(all);

        // Until it says that it reads them no more, they are its own.
        group.beat("a", 2, all);
        assertThat(assigned(group.beat("b", 3))).isEmpty();

        assertThat(group.beat("a", 2, kept).memberEpoch()).isEqualTo(3);
        SortedSet<PartitionId> given = assigned(group.beat("b", 3));
        assertThat(given).hasSize(2).doesNotContainAnyElementsOf(kept);
        assertThat(group.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void aMemberThatDoesNotGiveUpInTimeIsFenced() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        group.pause();
        group.join("b", "orders");
        group.beat("a", 2, all);

        for (int waited = 0; waited <= REBALANCE_MS; waited += 10_000) {
            group.timers.advance(10_000);
            group.beat("a", 2, all);
            group.beat("b", 3);
        }

        assertThat(error(group.beat("a", 2, all))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.assignments().get("b")).isEqualTo(all);
    }

    @Test
    void aSilentMemberIsFencedAndWhatItReadGoesToTheOthers() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        group.pause();
        group.join("b", "orders");

        group.timers.advance(SESSION_MS - 3_000);
        group.beat("b", 3);
        group.timers.advance(2_000);

        assertThat(assigned(group.beat("b", 3))).isEqualTo(all);
        assertThat(error(group.beat("a", 2))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aMemberThatIsSilentWhileTheLogRefusesIsFencedLater() {
        group.join("a", "orders");
        group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
        group.timers.advance(SESSION_MS + 1_000);
        assertThat(group.describe().members()).hasSize(1);

        group.log.refuse(Errors.NONE);
        group.timers.advance(1_000);

        assertThat(group.describe().members()).isEmpty();
    }

    @Test
    void aMemberThatLeavesLeavesNothingBehind() {
        group.join("a", "orders");

        ConsumerGroupHeartbeatResponseData left = group.beat("a", -1);

        assertThat(error(left)).isEqualTo(Errors.NONE);
        assertThat(left.memberEpoch()).isEqualTo(-1);
        assertThat(group.describe().groupState()).isEqualTo("Empty");
        assertThat(error(group.beat("a", 2))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        group.timers.advance(2L * SESSION_MS);
        assertThat(assigned(group.join("b", "orders"))).hasSize(4);
    }

    @Test
    void aMemberSpeaksInItsEpochOnly() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        group.pause();
        group.topics.create("stock", 1);
        ConsumerGroupHeartbeatResponseData moved =
                group.heartbeat(request("a", 2).setSubscribedTopicNames(List.of("orders", "stock")));
        assertThat(moved.memberEpoch()).isEqualTo(3);

        assertThat(error(group.beat("a", 4))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(error(group.beat("a", 1))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(error(group.beat("a", 2))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        // The answer that told it of epoch 3 got lost: it comes from epoch 2, with what it had there.
        assertThat(error(group.beat("a", 2, all))).isEqualTo(Errors.NONE);
        assertThat(error(group.beat("b", 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aMemberThatMissesAnswersGoesOnFromWhereItSpeaks() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        for (int epoch = 3; epoch <= 5; epoch++) {
            group.pause();
            group.topics.create("stock" + epoch, 1);
            ConsumerGroupHeartbeatResponseData missed = group.heartbeat(request("a", 2)
                    .setSubscribedTopicNames(List.of("orders", "stock" + epoch))
                    .setTopicPartitions(owned(all)));
            assertThat(missed.memberEpoch()).isEqualTo(epoch);
        }

        assertThat(error(group.beat("a", 4, all))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(group.beat("a", 2, all).memberEpoch()).isEqualTo(5);
    }

    @Test
    void aMemberThatWasNotToldWhatToGiveUpGoesOnAndIsTold() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        group.pause();
        group.topics.create("stock", 1);
        group.heartbeat(request("a", 2).setSubscribedTopicNames(List.of("orders", "stock")));
        group.pause();
        group.join("b", "orders");

        // In epoch 3, with two partitions to give up, it comes from epoch 2 as it did not hear of either.
        SortedSet<PartitionId> kept = assigned(group.beat("a", 2, all));
        assertThat(kept).isNotEmpty().hasSizeLessThan(all.size());
        assertThat(assigned(group.beat("b", 4))).isEmpty();

        assertThat(error(group.beat("a", 2, all))).isEqualTo(Errors.NONE);
        assertThat(error(group.beat("a", 3, kept))).isEqualTo(Errors.NONE);
        assertThat(assigned(group.beat("b", 4))).isNotEmpty().doesNotContainAnyElementsOf(kept);
    }

    @Test
    void aFencedMemberComesAgainWithEpochZero() {
        group.join("a", "orders");

        ConsumerGroupHeartbeatResponseData again = group.join("a", "orders");

        assertThat(again.memberEpoch()).isEqualTo(2);
        assertThat(assigned(again)).hasSize(4);
    }

    @Test
    void refusesWhatIsWrongWithARequest() {
        assertThat(error(group.join("", "orders"))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a", "orders").setGroupId(" "))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a", "orders").setInstanceId(""))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a", "orders").setRackId(""))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a", "orders").setRebalanceTimeoutMs(-1))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a", "orders").setTopicPartitions(null))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a").setSubscribedTopicNames(null))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.beat("a", -2))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.beat("a", -3))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(group.heartbeat(joinRequest("a", "orders").setServerAssignor("best"))))
                .isEqualTo(Errors.UNSUPPORTED_ASSIGNOR);
        assertThat(error(group.beat("a", 3))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(error(group.beat("a", -1))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(group.log.records()).isEmpty();
    }

    @Test
    void aFullGroupLetsNobodyIn() {
        ConsumerFixture small = new ConsumerFixture(GroupConfig.of(Map.of(ConsumerGroupConfig.MEMBERS_MAX, "1")));
        small.join("a", "orders");

        assertThat(error(small.join("b", "orders"))).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(error(small.join("a", "orders"))).isEqualTo(Errors.NONE);
    }

    @Test
    void aTopicThatGrowsOrComesOrGoesIsAssignedAnew() {
        group.join("a", "orders", "stock");
        group.pause();

        group.topics.addPartitions("orders", 2);
        assertThat(assigned(group.beat("a", 2))).hasSize(6);

        group.pause();
        group.topics.create("stock", 1);
        SortedSet<PartitionId> all = assigned(group.beat("a", 3));
        assertThat(all).hasSize(7);

        group.pause();
        group.topics.delete("orders");
        SortedSet<PartitionId> kept = assigned(group.beat("a", 4, all));
        assertThat(kept).containsExactly(group.topics.partition("stock", 0));
        assertThat(group.beat("a", 4, kept).memberEpoch()).isEqualTo(5);
    }

    @Test
    void assignmentsAreComputedNoOftenerThanTheConfigSays() {
        group.join("a", "orders");

        ConsumerGroupHeartbeatResponseData joined = group.join("b", "orders");
        assertThat(joined.memberEpoch()).isEqualTo(2);
        assertThat(group.describe().groupState()).isEqualTo("Assigning");

        group.timers.advance(1_000);
        assertThat(group.beat("b", 2).memberEpoch()).isEqualTo(3);
        assertThat(group.describe().groupState()).isEqualTo("Reconciling");
    }

    @Test
    void theAssignorThatMostMembersAskForIsUsed() {
        group.topics.create("stock", 4);
        group.heartbeat(joinRequest("a", "orders", "stock").setServerAssignor("range"));
        assertThat(group.describe().assignorName()).isEqualTo("range");
        group.pause();
        group.join("b", "orders", "stock");

        SortedSet<PartitionId> target = assigned(group.beat("a", 2, List.of()));
        assertThat(target)
                .containsExactlyInAnyOrder(
                        orders(0), orders(1), group.topics.partition("stock", 0), group.topics.partition("stock", 1));
    }

    @Test
    void aMemberThatNoLongerWantsATopicGivesItUpBeforeThereIsANewAssignment() {
        group.topics.create("stock", 1);
        SortedSet<PartitionId> all = assigned(group.join("a", "orders", "stock"));

        ConsumerGroupHeartbeatResponseData answer = group.heartbeat(request("a", 2)
                .setSubscribedTopicNames(List.of("stock"))
                .setTopicPartitions(ConsumerFixture.owned(all)));

        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(assigned(answer)).containsExactly(group.topics.partition("stock", 0));
    }

    @Test
    void groupsOfBothKindsAreListedByTheirTypes() {
        group.join("a", "orders");

        assertThat(group.list("consumer")).containsExactly("shop consumer Stable consumer");
        assertThat(group.list("classic")).isEmpty();
        assertThat(group.group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(group.group.describe().groupState()).isEqualTo("Dead");
    }

    @Test
    void aGroupWithMembersIsNotDeletedAndOneWithoutIsGone() {
        group.join("a", "orders");
        assertThat(group.group.delete().get().errorCode()).isEqualTo(Errors.NON_EMPTY_GROUP.code());
        assertThat(group.commit("a", 2, 9)).isEqualTo(Errors.NONE);
        group.beat("a", -1);

        assertThat(group.group.delete().get().errorCode()).isEqualTo(Errors.NONE.code());

        assertThat(group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(group.group.offsets()).isEmpty();
        group.group.failOver();
        assertThat(group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void describesAGroupThatItDoesNotKnowAsSuch() {
        assertThat(group.describe().groupId()).isEqualTo(GROUP);
        assertThat(group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void membersGoOnAfterAChangeOfTheCoordinator() {
        group.join("a", "orders");
        group.pause();
        group.join("b", "orders");
        String before = group.describe().toString();

        group.group.failOver();

        assertThat(group.describe()).hasToString(before);
        assertThat(error(group.beat("a", 2))).isEqualTo(Errors.NONE);
        group.timers.advance(SESSION_MS + 1_000);
        assertThat(group.describe().members()).isEmpty();
    }
}
