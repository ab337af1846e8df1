package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** LeaveGroup. Below version 3 it names one member, whose error is the error of the whole. */
final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequestData> {

    private static final Api API = new Api(ApiKeys.LEAVE_GROUP, 0, 5);
    private static final int FIRST_VERSION_WITH_MEMBERS = 3;

    private final LocalShard shard;

    LeaveGroupHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(LeaveGroupRequestData request, RequestContext context) {
        short version = context.version();
        String groupId = request.groupId();
        if (groupId.isEmpty()) {
            return Promise.of(GroupAnswers.leaveFailed(Errors.INVALID_GROUP_ID));
        }
        List<MemberIdentity> members = version < FIRST_VERSION_WITH_MEMBERS
                ? List.of(new MemberIdentity().setMemberId(request.memberId()))
                : request.members();
        return GroupCalls.ask(
                        shard,
                        context,
                        groupId,
                        members,
                        (coordinator, call) -> coordinator.leave(groupId, call),
                        GroupAnswers::leaveFailed)
                .map(answer -> answer.errorCode() == Errors.NONE.code()
                        ? new LeaveGroupResponse(answer, version).data()
                        : answer);
    }
}
