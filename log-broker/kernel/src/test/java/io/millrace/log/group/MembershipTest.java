package io.millrace.log.group;

import static io.millrace.log.group.GroupFixture.GROUP;
import static io.millrace.log.group.GroupFixture.INITIAL_DELAY_MS;
import static io.millrace.log.group.GroupFixture.REBALANCE_MS;
import static io.millrace.log.group.GroupFixture.SESSION_MS;
import static io.millrace.log.group.GroupFixture.joinRequest;
import static io.millrace.log.group.GroupFixture.text;
import static io.millrace.log.group.GroupFixture.withProtocols;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.GroupConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private final GroupFixture group = new GroupFixture();

    @Test
    void membersThatJoinTogetherGetOneGenerationAndTheLeadersAssignment() {
        Answer<JoinGroupResponseData> a = group.joinAnew();
        Answer<JoinGroupResponseData> b = group.joinAnew();
        group.timers.advance(2 * INITIAL_DELAY_MS);
        assertThat(a.get().generationId()).isEqualTo(1);
        assertThat(b.get().generationId()).isEqualTo(1);
        assertThat(a.get().leader()).isEqualTo(a.get().memberId());
        assertThat(a.get().members()).hasSize(2);
        assertThat(b.get().members()).isEmpty();
        assertThat(b.get().protocolName()).isEqualTo("range");

        Answer<SyncGroupResponseData> follower = group.sync(b.get());
        assertThat(follower.arrived()).isFalse();
        Answer<SyncGroupResponseData> leader = group.sync(
                a.get(), Map.of(a.get().memberId(), "first half", b.get().memberId(), "second half"));

        assertThat(text(leader.get().assignment())).isEqualTo("first half");
        assertThat(text(follower.get().assignment())).isEqualTo("second half");
        assertThat(group.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void anEmptyGroupWaitsForMoreMembersButNotForEver() {
        Answer<JoinGroupResponseData> first = group.joinAnew();
        for (int waited = 0; waited < REBALANCE_MS - INITIAL_DELAY_MS; waited += INITIAL_DELAY_MS) {
            assertThat(first.arrived()).isFalse();
            group.joinAnew();
            group.timers.advance(INITIAL_DELAY_MS);
        }
        group.timers.advance(INITIAL_DELAY_MS);

        assertThat(first.get().generationId()).isEqualTo(1);
    }

    @Test
    void oneMemberAloneWaitsTheInitialDelayOnce() {
        Answer<JoinGroupResponseData> only = group.joinAnew();
        group.timers.advance(INITIAL_DELAY_MS - 1);
        assertThat(only.arrived()).isFalse();

        group.timers.advance(1);

        assertThat(only.get().members()).hasSize(1);
    }

    @Test
    void theProtocolMostMembersPreferIsChosenAmongThoseAllKnow() {
        Answer<JoinGroupResponseData> a = group.join(withProtocols(joinRequest(""), "own", "range", "sticky"), 3);
        group.join(withProtocols(joinRequest(""), "sticky", "range"), 3);
        group.join(withProtocols(joinRequest(""), "sticky", "range"), 3);
        group.timers.advance(2 * INITIAL_DELAY_MS);

        assertThat(a.get().protocolName()).isEqualTo("sticky");
    }

    @Test
    void refusesAMemberThatSharesNoProtocol() {
        group.stableGroup(1);

        Answer<JoinGroupResponseData> stranger = group.join(withProtocols(joinRequest(""), "sticky"), 9);
        Answer<JoinGroupResponseData> otherType = group.join(joinRequest("").setProtocolType("connect"), 9);

        assertThat(stranger.get().errorCode()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(otherType.get().errorCode()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
    }

    @Test
    void refusesSessionTimeoutsOutOfRangeAndAnEmptyGroupId() {
        assertThat(group.join(joinRequest("").setSessionTimeoutMs(5999), 9)
                        .get()
                        .errorCode())
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
        assertThat(group.join(joinRequest("").setSessionTimeoutMs(1_800_001), 9)
                        .get()
                        .errorCode())
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
        assertThat(group.join(joinRequest("").setGroupId(""), 9).get().errorCode())
                .isEqualTo(Errors.INVALID_GROUP_ID.code());
    }

    @Test
    void aMemberIdIsRequiredFromVersionFourOn() {
        assertThat(group.join(joinRequest(""), 4).get().errorCode()).isEqualTo(Errors.MEMBER_ID_REQUIRED.code());
        assertThat(group.join(joinRequest(""), 3).arrived()).isFalse();
    }

    @Test
    void refusesAMemberTheGroupDoesNotKnow() {
        assertThat(group.join("nobody").get().errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        JoinGroupResponseData member = group.stableGroup(1).getFirst();

        assertThat(group.join("nobody").get().errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(group.heartbeat("nobody", member.generationId())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.leave("nobody")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.sync(new JoinGroupResponseData().setMemberId("nobody").setGenerationId(1))
                        .get()
                        .errorCode())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void aStaleGenerationIsRefused() {
        JoinGroupResponseData member = group.stableGroup(1).getFirst();
        int stale = member.generationId() - 1;

        assertThat(group.heartbeat(member.memberId(), stale)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(GroupFixture.error(group.commit(member.memberId(), stale, 5)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.sync(member.duplicate().setGenerationId(stale)).get().errorCode())
                .isEqualTo(Errors.ILLEGAL_GENERATION.code());
    }

    @Test
    void aMemberThatIsNotHeardOfIsOutAndTheOthersRebalance() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        String alive = members.getFirst().memberId();
        group.timers.advance(SESSION_MS - 1);
        assertThat(group.heartbeat(alive, 1)).isEqualTo(Errors.NONE);

        group.timers.advance(1);
        assertThat(group.heartbeat(alive, 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        Answer<JoinGroupResponseData> again = group.join(alive);

        assertThat(again.get().generationId()).isEqualTo(2);
        assertThat(again.get().members()).hasSize(1);
        assertThat(group.heartbeat(members.getLast().memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void heartbeatsAndCommitsKeepAMemberAlive() {
        JoinGroupResponseData member = group.stableGroup(1).getFirst();
        for (int i = 0; i < 10; i++) {
            group.timers.advance(SESSION_MS - 1);
            if (i % 2 == 0) {
                assertThat(group.heartbeat(member.memberId(), 1)).isEqualTo(Errors.NONE);
            } else {
                assertThat(GroupFixture.error(group.commit(member.memberId(), 1, i)))
                        .isEqualTo(Errors.NONE);
            }
        }

        assertThat(group.describe().members()).hasSize(1);
    }

    @Test
    void aMemberThatDoesNotJoinAgainInTimeIsOut() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        Answer<JoinGroupResponseData> leader = group.join(members.getFirst().memberId());
        for (int waited = 0; waited < REBALANCE_MS; waited += SESSION_MS / 2) {
            assertThat(leader.arrived()).isFalse();
            group.heartbeat(members.getLast().memberId(), 1);
            group.timers.advance(SESSION_MS / 2);
        }

        assertThat(leader.get().generationId()).isEqualTo(2);
        assertThat(leader.get().members()).hasSize(1);
    }

    @Test
    void aMemberThatDoesNotFetchItsAssignmentInTimeIsOut() {
        Answer<JoinGroupResponseData> a = group.joinAnew();
        Answer<JoinGroupResponseData> b = group.joinAnew();
        group.timers.advance(2 * INITIAL_DELAY_MS);
        group.sync(a.get());
        for (int waited = 0; waited < REBALANCE_MS; waited += SESSION_MS / 2) {
            group.heartbeat(a.get().memberId(), 1);
            group.heartbeat(b.get().memberId(), 1);
            group.timers.advance(SESSION_MS / 2);
        }

        assertThat(group.heartbeat(b.get().memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.heartbeat(a.get().memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aFollowerThatJoinsAgainUnchangedGetsTheSameGeneration() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        String follower = members.getLast().memberId();

        Answer<JoinGroupResponseData> again = group.join(follower);

        assertThat(again.get().generationId()).isEqualTo(1);
        assertThat(again.get().memberId()).isEqualTo(follower);
        assertThat(text(group.sync(again.get()).get().assignment())).isEqualTo("part of " + follower);
        assertThat(group.describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void aLeaderThatJoinsAgainOrAChangedFollowerBeginsARebalance() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        Answer<JoinGroupResponseData> leader = group.join(members.getFirst().memberId());
        assertThat(leader.arrived()).isFalse();
        group.assign(List.of(group.join(members.getLast().memberId()).get(), leader.get()));
        assertThat(group.describe().groupState()).isEqualTo("Stable");

        Answer<JoinGroupResponseData> changed =
                group.join(withProtocols(joinRequest(members.getLast().memberId()), "range", "sticky"), 9);

        assertThat(changed.arrived()).isFalse();
        assertThat(group.describe().groupState()).isEqualTo("PreparingRebalance");
    }

    @Test
    void leavingBeginsARebalanceAndTheLastToLeaveEmptiesTheGroup() {
        List<JoinGroupResponseData> members = group.stableGroup(2);
        assertThat(group.leave(members.getFirst().memberId())).isEqualTo(Errors.NONE);
        assertThat(group.heartbeat(members.getLast().memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(group.join(members.getLast().memberId()).get().generationId())
                .isEqualTo(2);

        assertThat(group.leave(members.getLast().memberId())).isEqualTo(Errors.NONE);

        assertThat(group.describe().groupState()).isEqualTo("Empty");
        group.failOver();
        assertThat(group.describe().groupState()).isEqualTo("Empty");
        assertThat(group.describe().protocolType()).isEqualTo("consumer");
    }

    @Test
    void aRequestSentAgainTakesThePlaceOfTheOneThatWaits() {
        Answer<JoinGroupResponseData> first = group.joinAnew();
        String promised = group.join("").get().memberId();
        Answer<JoinGroupResponseData> lost = group.join(promised);
        Answer<JoinGroupResponseData> sentAgain = group.join(promised);
        group.timers.advance(2 * INITIAL_DELAY_MS);

        assertThat(lost.get().errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
        assertThat(sentAgain.get().generationId()).isEqualTo(first.get().generationId());
    }

    @Test
    void aPromisedIdThatIsNotTakenUpDoesNotHoldTheGroup() {
        group.join("");
        assertThat(group.list(new ListGroupsRequestData())).hasSize(1);

        group.timers.advance(SESSION_MS);

        assertThat(group.list(new ListGroupsRequestData())).isEmpty();
    }

    @Test
    void refusesMoreMembersThanAllowed() {
        GroupFixture small = new GroupFixture(GroupConfig.of(Map.of(GroupConfig.MEMBERS_MAX, "2")));
        small.stableGroup(2);

        assertThat(small.join("").get().errorCode()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED.code());
    }

    @Test
    void assignmentsAreHandedOutOnlyWhenCommittedAndSurviveTheCoordinator() {
        Answer<JoinGroupResponseData> a = group.joinAnew();
        group.timers.advance(INITIAL_DELAY_MS);
        group.log.commitByHand();
        Answer<SyncGroupResponseData> sync = group.sync(a.get(), Map.of(a.get().memberId(), "all"));
        assertThat(sync.arrived()).isFalse();
        assertThat(group.heartbeat(a.get().memberId(), 1)).isEqualTo(Errors.NONE);

        group.log.commit();
        assertThat(text(sync.get().assignment())).isEqualTo("all");
        group.failOver();

        assertThat(group.describe().groupState()).isEqualTo("Stable");
        assertThat(group.heartbeat(a.get().memberId(), 1)).isEqualTo(Errors.NONE);
        assertThat(text(group.describe().members().getFirst().memberAssignment()))
                .isEqualTo("all");
    }

    @Test
    void anAssignmentThatCannotBeStoredBeginsARebalance() {
        Answer<JoinGroupResponseData> a = group.joinAnew();
        group.timers.advance(INITIAL_DELAY_MS);
        group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);

        Answer<SyncGroupResponseData> sync = group.sync(a.get(), Map.of(a.get().memberId(), "all"));

        assertThat(sync.get().errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(group.heartbeat(a.get().memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        group.log.refuse(Errors.NONE);
        assertThat(group.join(a.get().memberId()).get().generationId()).isEqualTo(2);
    }

    @Test
    void everyoneWhoWaitsIsToldWhenTheCoordinatorMoves() {
        Answer<JoinGroupResponseData> waiting = group.joinAnew();

        group.failOver();

        assertThat(waiting.get().errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(waiting.get().memberId()).startsWith("client-7f-0-");
    }

    @Test
    void listsGroupsByStateAndType() {
        group.stableGroup(1);
        var all = new ListGroupsRequestData();
        assertThat(group.list(all).getFirst().groupId()).isEqualTo(GROUP);
        assertThat(group.list(all.duplicate().setStatesFilter(List.of("stable"))))
                .hasSize(1);
        assertThat(group.list(all.duplicate().setStatesFilter(List.of("Empty"))))
                .isEmpty();
        assertThat(group.list(all.duplicate().setTypesFilter(List.of("Classic"))))
                .hasSize(1);
        assertThat(group.list(all.duplicate().setTypesFilter(List.of("consumer"))))
                .isEmpty();
    }
}
