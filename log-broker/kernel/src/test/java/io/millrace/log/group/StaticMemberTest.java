package io.millrace.log.group;

import static io.millrace.log.group.GroupFixture.INITIAL_DELAY_MS;
import static io.millrace.log.group.GroupFixture.SESSION_MS;
import static io.millrace.log.group.GroupFixture.joinRequest;
import static io.millrace.log.group.GroupFixture.text;
import static io.millrace.log.group.GroupFixture.withProtocols;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class StaticMemberTest {

    private final GroupFixture group = new GroupFixture();

    private List<JoinGroupResponseData> stableGroup() {
        return group.complete(List.of(group.joinStatic("one", 9), group.joinStatic("two", 9)));
    }

    @Test
    void aFollowerThatRestartsTakesItsPlaceWithoutARebalance() {
        List<JoinGroupResponseData> before = stableGroup();

        JoinGroupResponseData back = group.joinStatic("two", 9).get();

        assertThat(back.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.memberId()).isNotEqualTo(before.getLast().memberId());
        assertThat(back.skipAssignment()).isFalse();
        assertThat(text(group.sync(back).get().assignment()))
                .isEqualTo("part of " + before.getLast().memberId());
        assertThat(group.heartbeat(before.getFirst().memberId(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void aLeaderThatRestartsIsToldNotToAssign() {
        stableGroup();

        JoinGroupResponseData back = group.joinStatic("one", 9).get();

        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.members()).hasSize(2);
        assertThat(back.skipAssignment()).isTrue();
    }

    @Test
    void anOldClientThatRestartsAsLeaderIsToldThatItsOldSelfLeads() {
        List<JoinGroupResponseData> before = stableGroup();

        JoinGroupResponseData back = group.joinStatic("one", 8).get();

        assertThat(back.leader()).isEqualTo(before.getFirst().memberId());
        assertThat(back.members()).isEmpty();
    }

    @Test
    void theOldIdIsFencedEverywhere() {
        String old = stableGroup().getLast().memberId();
        group.joinStatic("two", 9);

        assertThat(group.heartbeat(new HeartbeatRequestData()
                        .setGroupId(GroupFixture.GROUP)
                        .setMemberId(old)
                        .setGroupInstanceId("two")
                        .setGenerationId(1)))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(group.join(joinRequest(old).setGroupInstanceId("two"), 9)
                        .get()
                        .errorCode())
                .isEqualTo(Errors.FENCED_INSTANCE_ID.code());
        assertThat(group.sync(new SyncGroupRequestData()
                                .setGroupId(GroupFixture.GROUP)
                                .setMemberId(old)
                                .setGroupInstanceId("two")
                                .setGenerationId(1))
                        .get()
                        .errorCode())
                .isEqualTo(Errors.FENCED_INSTANCE_ID.code());
        assertThat(GroupFixture.error(
                        group.commit(GroupFixture.commitRequest(old, 1, 7).setGroupInstanceId("two"), 9)))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(group.leave(new MemberIdentity().setMemberId(old).setGroupInstanceId("two")))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void whoWaitsUnderTheOldIdIsFencedAtOnce() {
        Answer<JoinGroupResponseData> waiting = group.joinStatic("one", 9);

        Answer<JoinGroupResponseData> restarted = group.joinStatic("one", 9);
        group.timers.advance(2 * INITIAL_DELAY_MS);

        assertThat(waiting.get().errorCode()).isEqualTo(Errors.FENCED_INSTANCE_ID.code());
        assertThat(restarted.get().members()).hasSize(1);
    }

    @Test
    void theNewIdIsToldOnlyWhenCommittedAndKnownToTheNextCoordinator() {
        stableGroup();
        group.log.commitByHand();
        Answer<JoinGroupResponseData> back = group.joinStatic("two", 9);
        assertThat(back.arrived()).isFalse();

        group.log.commit();
        group.failOver();

        assertThat(group.heartbeat(back.get().memberId(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void aReturnThatCannotBeStoredLeavesTheOldIdInPlace() {
        String old = stableGroup().getLast().memberId();
        group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);

        JoinGroupResponseData back = group.joinStatic("two", 9).get();

        assertThat(back.errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(group.heartbeat(old, 1)).isEqualTo(Errors.NONE);
        group.timers.advance(SESSION_MS);
        assertThat(group.heartbeat(old, 1)).isNotEqualTo(Errors.NONE);
    }

    @Test
    void aReturnWithOtherProtocolsBeginsARebalance() {
        List<JoinGroupResponseData> before = group.complete(List.of(
                group.join(withProtocols(joinRequest("").setGroupInstanceId("one"), "range", "sticky"), 9),
                group.join(withProtocols(joinRequest("").setGroupInstanceId("two"), "range", "sticky"), 9)));

        Answer<JoinGroupResponseData> back =
                group.join(withProtocols(joinRequest("").setGroupInstanceId("two"), "sticky"), 9);

        assertThat(back.arrived()).isFalse();
        assertThat(group.heartbeat(before.getFirst().memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aReturnWhileTheAssignmentIsAwaitedBeginsAnotherRebalance() {
        Answer<JoinGroupResponseData> one = group.joinStatic("one", 9);
        Answer<JoinGroupResponseData> two = group.joinStatic("two", 9);
        group.timers.advance(2 * INITIAL_DELAY_MS);
        Answer<SyncGroupResponseData> follower = group.sync(two.get());

        Answer<JoinGroupResponseData> back = group.joinStatic("one", 9);

        assertThat(follower.get().errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
        assertThat(back.arrived()).isFalse();
        group.join(joinRequest(two.get().memberId()).setGroupInstanceId("two"), 9);
        assertThat(back.get().generationId()).isEqualTo(2);
        assertThat(one.get().generationId()).isEqualTo(1);
    }

    @Test
    void aStaticMemberIsOutWhenItsSessionEndsOrAnAdministratorSaysSo() {
        List<JoinGroupResponseData> members = stableGroup();
        assertThat(group.leave(new MemberIdentity().setMemberId("").setGroupInstanceId("two")))
                .isEqualTo(Errors.NONE);
        assertThat(group.heartbeat(members.getLast().memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.leave(new MemberIdentity().setMemberId("").setGroupInstanceId("two")))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);

        group.timers.advance(SESSION_MS);

        assertThat(group.describe().groupState()).isEqualTo("Empty");
    }

    @Test
    void aRebalanceKeepsAStaticMemberThatIsAway() {
        List<JoinGroupResponseData> members = stableGroup();
        String away = members.getLast().memberId();
        Answer<JoinGroupResponseData> leader =
                group.join(joinRequest(members.getFirst().memberId()).setGroupInstanceId("one"), 9);
        for (int waited = 0; waited < GroupFixture.REBALANCE_MS; waited += SESSION_MS / 2) {
            group.heartbeat(away, 1);
            group.timers.advance(SESSION_MS / 2);
        }

        assertThat(leader.get().members()).hasSize(2);
    }
}
