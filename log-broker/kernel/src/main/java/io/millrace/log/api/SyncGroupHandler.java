package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** SyncGroup: answered when the leader's assignment is committed. */
final class SyncGroupHandler implements RequestHandler<SyncGroupRequestData> {

    private static final Api API = new Api(ApiKeys.SYNC_GROUP, 0, 5);

    private final LocalShard shard;

    SyncGroupHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(SyncGroupRequestData request, RequestContext context) {
        return GroupCalls.ask(
                shard, context, request.groupId(), request, GroupCoordinator::sync, GroupAnswers::syncFailed);
    }
}
