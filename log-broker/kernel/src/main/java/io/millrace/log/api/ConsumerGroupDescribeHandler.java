package io.millrace.log.api;

import io.millrace.log.group.ConsumerAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** ConsumerGroupDescribe (KIP-848): each group by itself; a classic group is not found. */
final class ConsumerGroupDescribeHandler implements RequestHandler<ConsumerGroupDescribeRequestData> {

    private static final Api API = new Api(ApiKeys.CONSUMER_GROUP_DESCRIBE, 0, 1);

    private final LocalShard shard;

    ConsumerGroupDescribeHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ConsumerGroupDescribeRequestData request, RequestContext context) {
        boolean withOperations = request.includeAuthorizedOperations();
        return Promise.all(request.groupIds().stream()
                        .map(groupId -> describe(groupId, context))
                        .toList())
                .map(groups -> {
                    if (withOperations) {
                        groups.forEach(ConsumerGroupDescribeHandler::addOperations);
                    }
                    return new ConsumerGroupDescribeResponseData().setGroups(groups);
                });
    }

    private Promise<DescribedGroup> describe(String groupId, RequestContext context) {
        if (groupId.isEmpty()) {
            return Promise.of(ConsumerAnswers.describeFailed(groupId, Errors.INVALID_GROUP_ID));
        }
        return GroupCalls.ask(
                shard,
                context,
                groupId,
                groupId,
                GroupCoordinator::describeConsumers,
                error -> ConsumerAnswers.describeFailed(groupId, error));
    }

    private static void addOperations(DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code()) {
            group.setAuthorizedOperations(AuthorizedOperations.GROUP);
        }
    }
}
