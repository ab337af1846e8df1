package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * ConsumerGroupHeartbeat of a member that goes: for good (epoch -1), or, if it is static, for no longer than its
 * session timeout (epoch -2): then nobody else is given what it reads.
 */
final class ConsumerLeaveDecisions {

    private final GroupTable groups;
    private final ConsumerFencing fencing;

    ConsumerLeaveDecisions(GroupTable groups, ConsumerFencing fencing) {
        this.groups = groups;
        this.fencing = fencing;
    }

    Decision leave(Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call) {
        ConsumerGroupHeartbeatRequestData request = call.request();
        ConsumerGroup group = groups.consumer(request.groupId());
        if (group == null) {
            call.answer().accept(ConsumerAnswers.heartbeat(ConsumerMemberRules.unknownGroup(request.groupId())));
            return Decision.NOTHING;
        }
        String instanceId = request.instanceId();
        ConsumerMember member = instanceId == null ? group.member(request.memberId()) : group.staticMember(instanceId);
        Refusal refusal = refusal(group, member, request);
        if (refusal != null || member == null) {
            call.answer()
                    .accept(ConsumerAnswers.heartbeat(
                            refusal == null ? ConsumerMemberRules.unknownMember(group, request.memberId()) : refusal));
            return Decision.NOTHING;
        }
        ConsumerGroupHeartbeatResponseData answer = new ConsumerGroupHeartbeatResponseData()
                .setMemberId(member.id())
                .setMemberEpoch(request.memberEpoch());
        if (request.memberEpoch() == CurrentAssignment.LEFT_STATIC_EPOCH) {
            ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
            draft.writeCurrent(member.with(member.current().leftForNow()));
            return Decision.write(draft.records(), error -> tell(call, answer, error));
        }
        return fencing.remove(
                group, List.of(member.id()), call.nowMs(), Decision.telling(error -> tell(call, answer, error)));
    }

    private static @Nullable Refusal refusal(
            ConsumerGroup group, @Nullable ConsumerMember member, ConsumerGroupHeartbeatRequestData request) {
        return request.instanceId() == null
                ? null
                : ConsumerMemberRules.instanceRefusal(group, member, request.memberId(), request.instanceId());
    }

    private static void tell(
            Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call,
            ConsumerGroupHeartbeatResponseData answer,
            Errors error) {
        call.answer().accept(error == Errors.NONE ? answer : ConsumerAnswers.heartbeat(error));
    }
}
