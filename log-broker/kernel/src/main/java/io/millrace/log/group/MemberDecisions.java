package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.protocol.Errors;

/** Heartbeat 0 to 4 and LeaveGroup 0 to 5: how a member stays, and how it goes. */
final class MemberDecisions {

    private final GroupTable groups;
    private final Rebalance rebalance;

    MemberDecisions(GroupTable groups, Rebalance rebalance) {
        this.groups = groups;
        this.rebalance = rebalance;
    }

    Decision heartbeat(Call<HeartbeatRequestData, HeartbeatResponseData> call) {
        call.answer().accept(GroupAnswers.heartbeat(beat(call.nowMs(), call.request())));
        return Decision.NOTHING;
    }

    private Errors beat(long nowMs, HeartbeatRequestData request) {
        if (request.groupId().isEmpty()) {
            return Errors.INVALID_GROUP_ID;
        }
        ClassicGroup group = groups.find(request.groupId());
        Member member = group == null ? null : group.member(request.memberId());
        if (group == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors invalid = group.validate(request.memberId(), request.groupInstanceId());
        if (invalid != Errors.NONE || member == null) {
            return invalid;
        }
        if (request.generationId() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        rebalance.keepAlive(group, member, nowMs);
        return group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    /**
     * Takes members out, each by its id or, as an administrator does, by its instance id alone.
     *
     * @param call names the members as versions 3 and up do; older ones name one
     */
    Decision leave(Call<List<MemberIdentity>, LeaveGroupResponseData> call, String groupId) {
        ClassicGroup group = groups.find(groupId);
        List<MemberResponse> answers = new ArrayList<>();
        boolean anyLeft = false;
        for (MemberIdentity each : call.request()) {
            Errors error = group == null ? Errors.UNKNOWN_MEMBER_ID : leave(group, each);
            anyLeft |= error == Errors.NONE;
            answers.add(new MemberResponse()
                    .setMemberId(each.memberId())
                    .setGroupInstanceId(each.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        call.answer().accept(new LeaveGroupResponseData().setMembers(answers));
        if (group == null || !anyLeft) {
            return Decision.NOTHING;
        }
        groups.forgetIfInVain(group, call.nowMs());
        return switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE -> rebalance.begin(group, call.nowMs());
            case PREPARING_REBALANCE -> rebalance.endJoinPhaseIfAllJoined(group, call.nowMs());
            case EMPTY, DEAD -> Decision.NOTHING;
        };
    }

    private Errors leave(ClassicGroup group, MemberIdentity identity) {
        String memberId = identity.memberId();
        if (memberId.isEmpty()) {
            String current = identity.groupInstanceId() == null ? null : group.memberIdOf(identity.groupInstanceId());
            if (current == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            memberId = current;
        } else if (!group.isPromised(memberId)) {
            Errors invalid = group.validate(memberId, identity.groupInstanceId());
            if (invalid != Errors.NONE) {
                return invalid;
            }
        }
        rebalance.endSession(group, memberId);
        group.remove(memberId);
        return Errors.NONE;
    }
}
