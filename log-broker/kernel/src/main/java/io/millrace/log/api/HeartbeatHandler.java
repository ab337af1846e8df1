package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Heartbeat. While its coordinator loads, a member is told that all is well: its session begins anew after that. */
final class HeartbeatHandler implements RequestHandler<HeartbeatRequestData> {

    private static final Api API = new Api(ApiKeys.HEARTBEAT, 0, 4);

    private final LocalShard shard;

    HeartbeatHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(HeartbeatRequestData request, RequestContext context) {
        return GroupCalls.ask(
                shard,
                context,
                request.groupId(),
                request,
                GroupCoordinator::heartbeat,
                error -> GroupAnswers.heartbeat(error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.NONE : error));
    }
}
