package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** OffsetDelete (KIP-496). */
final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequestData> {

    private static final Api API = new Api(ApiKeys.OFFSET_DELETE, 0, 0);

    private final LocalShard shard;

    OffsetDeleteHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(OffsetDeleteRequestData request, RequestContext context) {
        if (request.groupId().isEmpty()) {
            return Promise.of(GroupAnswers.offsetDeleteFailed(Errors.INVALID_GROUP_ID));
        }
        return GroupCalls.ask(
                shard,
                context,
                request.groupId(),
                request,
                GroupCoordinator::deleteOffsets,
                GroupAnswers::offsetDeleteFailed);
    }
}
