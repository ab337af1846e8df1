package io.millrace.log.api;

import io.millrace.log.group.ConsumerAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ConsumerGroupHeartbeat (KIP-848): how a member of a consumer group comes, stays, is told what to read, and goes. */
final class ConsumerGroupHeartbeatHandler implements RequestHandler<ConsumerGroupHeartbeatRequestData> {

    private static final Api API = new Api(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 0, 1);

    private final LocalShard shard;

    ConsumerGroupHeartbeatHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ConsumerGroupHeartbeatRequestData request, RequestContext context) {
        return GroupCalls.ask(
                shard,
                context,
                request.groupId(),
                request,
                GroupCoordinator::consumerHeartbeat,
                ConsumerAnswers::heartbeat);
    }
}
