package io.millrace.log.group;

import static io.millrace.log.group.ConsumerFixture.assigned;
import static io.millrace.log.group.ConsumerFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.ConsumerGroupConfig;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups with members that change from one protocol to the other (KIP-848). */
class MigrationTest {

    private static final int ACTS_MAX = 100;

    private ConsumerFixture group = new ConsumerFixture();
    private final SplittableRandom random = new SplittableRandom(1);
    private ConsumerPartitionAssignor assignor = new CooperativeStickyAssignor();

    @BeforeEach
    void createTopics() {
        group.topics.create("orders", 4);
    }

    private void policy(String policy) {
        group = new ConsumerFixture(GroupConfig.of(Map.of(ConsumerGroupConfig.MIGRATION_POLICY, policy)));
        createTopics();
    }

    private SimClassicConsumer classic(String name) {
        return new SimClassicConsumer(group, name, null, assignor, List.of("orders"));
    }

    private SimConsumer consumer(String name) {
        return new SimConsumer(group, name, null, List.of("orders"));
    }

    private SortedSet<PartitionId> all() {
        SortedSet<PartitionId> all = new TreeSet<>();
        for (int index = 0; index < 4; index++) {
            all.add(group.topics.partition("orders", index));
        }
        return all;
    }

    /** Lets the readers act, a second apart, until all partitions are read and nothing changes any more. */
    private void settle(SimReader... readers) {
        List<String> before = List.of();
        int same = 0;
        for (int i = 0; i < ACTS_MAX && same < 10; i++) {
            group.timers.advance(1_000);
            List<String> owned = new ArrayList<>();
            for (SimReader each : readers) {
                each.act(random);
                owned.add(each.owned().toString());
            }
            same = owned.equals(before) ? same + 1 : 0;
            before = owned;
        }
        SortedSet<PartitionId> read = new TreeSet<>();
        for (SimReader each : readers) {
            assertThat(each.owned()).as("what %s reads", each).isNotEmpty();
            each.owned()
                    .forEach(one ->
                            assertThat(read.add(one)).as("%s is read once", one).isTrue());
        }
        assertThat(read).isEqualTo(all());
    }

    @Test
    void aClassicGroupBecomesAConsumerGroupWhenTheFirstConsumerJoins() {
        SimClassicConsumer old = classic("old");
        settle(old);
        int generation = old.epoch();

        ConsumerGroupHeartbeatResponseData joined = group.join("new", "orders");

        assertThat(error(joined)).isEqualTo(Errors.NONE);
        assertThat(joined.memberEpoch()).isEqualTo(generation + 1);
        assertThat(assigned(joined)).isEmpty();
        assertThat(group.list("")).containsExactly("shop consumer Reconciling consumer");
        assertThat(group.assignments().get(old.memberId())).isEqualTo(all());
        assertThat(group.describe().members())
                .extracting(each -> (int) each.memberType())
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aCooperativeMemberReadsOnWhileItMakesRoom() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        young.act(random);

        assertThat(old.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(old.owned()).isEqualTo(all());
        settle(old, young);

        assertThat(old.owned()).hasSize(2);
        assertThat(group.describe().groupState()).isEqualTo("Stable");
        assertThat(old.heartbeat()).isEqualTo(Errors.NONE);
    }

    @Test
    void anomalyA27whatACooperativeMemberReadsIsGivenOnOnlyWhenItHasGivenItUp() {
        SimClassicConsumer old = classic("old");
        settle(old);
        int epoch = group.join("young", "orders").memberEpoch();

        // It is told to join again, joins, asks for its partitions, and is given two of them.
        for (int act = 0; act < 4; act++) {
            assertThat(old.owned()).isEqualTo(all());
            assertThat(assigned(group.beat("young", epoch))).isEmpty();
            old.act(random);
        }
        assertThat(old.owned()).hasSize(2);
        assertThat(assigned(group.beat("young", epoch)))
                .as("what was given up, but not yet said to be")
                .isEmpty();
        old.act(random);

        SortedSet<PartitionId> given = assigned(group.beat("young", epoch));
        assertThat(given).hasSize(2).doesNotContainAnyElementsOf(old.owned());
    }

    @Test
    void anEagerMemberMakesRoomAndIsGivenTheRest() {
        assignor = new RangeAssignor();
        SimClassicConsumer old = classic("old");
        SimClassicConsumer other = classic("other");
        settle(old, other);
        SimConsumer young = consumer("young");

        settle(old, other, young);

        assertThat(group.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void classicMembersJoinAndLeaveAConsumerGroup() {
        SimConsumer young = consumer("young");
        settle(young);
        SimClassicConsumer late = classic("late");
        settle(young, late);
        assertThat(group.list("")).containsExactly("shop consumer Stable consumer");

        late.leave();

        settle(young);
        assertThat(group.describe().members()).hasSize(1);
    }

    @Test
    void theGroupIsClassicAgainWhenItsLastConsumerLeaves() {
        SimClassicConsumer old = classic("old");
        SimClassicConsumer other = classic("other");
        settle(old, other);
        SimConsumer young = consumer("young");
        settle(old, other, young);

        young.leave();

        assertThat(group.list("")).containsExactly("shop consumer PreparingRebalance classic");
        settle(old, other);
        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
    }

    @Test
    void theGroupIsClassicAgainWhenItsLastConsumerIsFenced() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        settle(old, young);

        // Nothing more is heard of the consumer.
        for (int second = 0; second <= ConsumerFixture.SESSION_MS / 1_000; second++) {
            group.timers.advance(1_000);
            old.act(random);
        }

        settle(old);
        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
    }

    @Test
    void theNextCoordinatorHasAGroupAssignedThatTheLastOneHadJustMadeClassic() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        settle(old, young);
        young.leave();

        group.group.failOver();

        assertThat(group.list("")).containsExactly("shop consumer PreparingRebalance classic");
        settle(old);
    }

    @Test
    void membersOfBothKindsGoOnAfterAChangeOfTheCoordinator() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        settle(old, young);
        String before = group.describe().toString();

        group.group.failOver();

        assertThat(group.describe()).hasToString(before);
        assertThat(old.heartbeat()).isEqualTo(Errors.NONE);
        group.timers.advance(GroupFixture.SESSION_MS + 1_000);
        assertThat(group.describe().members())
                .as("its own session timeout is shorter")
                .hasSize(1);
    }

    @Test
    void whoWaitsInARebalanceIsToldToComeAgain() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimClassicConsumer late = classic("late");
        late.act(random);
        late.act(random);
        late.act(random);
        assertThat(group.list("")).containsExactly("shop consumer PreparingRebalance classic");

        SimConsumer young = consumer("young");
        settle(old, late, young);

        assertThat(group.list("")).containsExactly("shop consumer Stable consumer");
    }

    @Test
    void aClassicMemberThatDoesNotJoinAgainIsTakenOut() {
        SimClassicConsumer old = classic("old");
        settle(old);
        group.join("young", "orders");

        for (int waited = 0; waited <= GroupFixture.REBALANCE_MS; waited += 5_000) {
            group.timers.advance(5_000);
            group.beat("young", 0);
            old.heartbeat();
        }

        assertThat(old.heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aTopicThatGrowsIsAssignedAmongClassicMembersOfAConsumerGroup() {
        policy("upgrade");
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        settle(old, young);
        young.leave();
        settle(old);
        assertThat(group.list("")).containsExactly("shop consumer Stable consumer");

        group.topics.addPartitions("orders", 2);
        for (int i = 0; i < 10; i++) {
            group.timers.advance(1_000);
            old.act(random);
        }

        assertThat(old.owned()).hasSize(6);
    }

    @Test
    void aStaticMemberTakesItsPlaceInTheOtherProtocolAndBack() {
        SimClassicConsumer old = new SimClassicConsumer(group, "old", "one", assignor, List.of("orders"));
        SimClassicConsumer other = classic("other");
        settle(old, other);
        SortedSet<PartitionId> read = new TreeSet<>(old.owned());

        SimConsumer young = new SimConsumer(group, "young", "one", List.of("orders"));
        settle(young, other);
        assertThat(young.owned()).isEqualTo(read);
        assertThat(group.list("")).containsExactly("shop consumer Stable consumer");

        SimClassicConsumer back = new SimClassicConsumer(group, "back", "one", assignor, List.of("orders"));
        settle(back, other);
        assertThat(back.owned()).isEqualTo(read);
        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
    }

    @Test
    void membersAreRefusedThatDoNotSpeakForThemselves() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        settle(old, young);

        assertThat(group.group.heartbeat("young", young.epoch())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.group.heartbeat(old.memberId(), old.epoch() - 1)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.group.leave("young")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.group.leave(new MemberIdentity().setMemberId("").setGroupInstanceId("nobody")))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(Errors.forCode(group.group.join("who").get().errorCode()))
                .as("a subscription that cannot be read, and another assignor")
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(Errors.forCode(group.group
                        .join(GroupFixture.joinRequest("who").setProtocolType("connect"), 9)
                        .get()
                        .errorCode()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(Errors.forCode(group.group
                        .join(GroupFixture.joinRequest("who").setSessionTimeoutMs(1), 9)
                        .get()
                        .errorCode()))
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void classicMembersCommitInTheirGeneration() {
        SimClassicConsumer old = classic("old");
        settle(old);
        SimConsumer young = consumer("young");
        settle(old, young);

        assertThat(group.commit(old.memberId(), old.epoch(), 8)).isEqualTo(Errors.NONE);
        assertThat(group.commit(old.memberId(), old.epoch() + 1, 8)).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void aGroupThatCannotBeReadStaysClassic() {
        group.group.stableGroup(1);

        assertThat(error(group.join("new", "orders"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);

        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
    }

    @Test
    void thePolicyKeepsGroupsWhatTheyAre() {
        policy("downgrade");
        SimClassicConsumer old = classic("old");
        settle(old);

        assertThat(error(group.join("new", "orders"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);

        policy("Disabled");
        old = classic("old");
        settle(old);
        assertThat(error(group.join("new", "orders"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void anUpgradeThatTheLogDoesNotTakeChangesNothing() {
        SimClassicConsumer old = classic("old");
        settle(old);
        group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);

        assertThat(error(group.join("new", "orders"))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

        group.log.refuse(Errors.NONE);
        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
        settle(old);
    }
}
