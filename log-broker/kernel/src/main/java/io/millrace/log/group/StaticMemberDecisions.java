package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * What happens when a static member comes back under a new id (KIP-345). Its old id is fenced. In a STABLE group whose
 * protocol stays the same it simply takes its old place and assignment, without a rebalance; the new id is in the log
 * before it is told, so that a later coordinator knows it too. From JoinGroup 9 on (KIP-814), a leader that comes back
 * so is given the members and told not to assign; before, it is told that the old id leads, for the same end.
 */
final class StaticMemberDecisions {

    private static final short FIRST_VERSION_WITH_SKIP_ASSIGNMENT = 9;

    private final Rebalance rebalance;

    StaticMemberDecisions(Rebalance rebalance) {
        this.rebalance = rebalance;
    }

    Decision comeBack(
            Call<JoinGroupRequestData, JoinGroupResponseData> call, ClassicGroup group, Member old, String newId) {
        String leaderBefore = group.leaderIdOrEmpty();
        Member renamed = group.replace(old, newId);
        rebalance.endSession(group, old.id());
        rebalance.keepAlive(group, renamed, call.nowMs());
        MemberTimeouts oldTimeouts = renamed.timeouts();
        Map<String, byte[]> oldProtocols = renamed.protocols();
        renamed.update(JoinDecisions.timeouts(call.request()), JoinDecisions.protocols(call.request()));
        renamed.awaitJoin(call.answer());
        boolean goesOn = group.is(GroupState.STABLE)
                && !group.isWithoutLeader()
                && group.electProtocol().equals(group.protocol());
        if (!goesOn) {
            return rebalance.membersChanged(group, call.nowMs());
        }
        Return back =
                new Return(rebalance, call, group, new Before(old, leaderBefore, oldTimeouts, oldProtocols), renamed);
        return new Decision(List.of(GroupRecordCodec.group(group.id(), group.store(group.assignments()))), back);
    }

    private record Before(Member member, String leader, MemberTimeouts timeouts, Map<String, byte[]> protocols) {}

    /** The member is in, once its new id is committed; back under its old id, if that failed. */
    private record Return(
            Rebalance rebalance,
            Call<JoinGroupRequestData, JoinGroupResponseData> call,
            ClassicGroup group,
            Before before,
            Member renamed)
            implements Outcome {

        @Override
        public Decision committed(long nowMs) {
            // When a rebalance began meanwhile, the member waits in it like the others.
            if (group.is(GroupState.STABLE) && group.member(renamed.id()) == renamed) {
                renamed.answerJoin(answer());
            }
            return Decision.NOTHING;
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            if (!group.is(GroupState.STABLE) || group.member(renamed.id()) != renamed) {
                return Decision.NOTHING;
            }
            renamed.answerJoin(GroupAnswers.joinFailed("", error));
            renamed.update(before.timeouts(), before.protocols());
            Member restored = group.replace(renamed, before.member().id());
            rebalance.endSession(group, renamed.id());
            rebalance.keepAlive(group, restored, nowMs);
            return Decision.NOTHING;
        }

        private JoinGroupResponseData answer() {
            JoinGroupResponseData answer = Rebalance.joined(group, renamed);
            if (call.caller().version() >= FIRST_VERSION_WITH_SKIP_ASSIGNMENT) {
                return answer.setSkipAssignment(group.isLeader(renamed.id()));
            }
            return answer.setMembers(List.of()).setLeader(before.leader());
        }
    }
}
