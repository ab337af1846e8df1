package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.JoinGroupResponse;

/** JoinGroup: answered when the group has its next generation. */
final class JoinGroupHandler implements RequestHandler<JoinGroupRequestData> {

    private static final Api API = new Api(ApiKeys.JOIN_GROUP, 0, 9);

    private final LocalShard shard;

    JoinGroupHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(JoinGroupRequestData request, RequestContext context) {
        short version = context.version();
        return GroupCalls.ask(
                        shard,
                        context,
                        request.groupId(),
                        request,
                        GroupCoordinator::join,
                        error -> GroupAnswers.joinFailed(request, error))
                .map(answer -> new JoinGroupResponse(answer, version).data());
    }
}
