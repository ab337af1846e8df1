package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeGroups: each group by itself. */
final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_GROUPS, 0, 6);

    private final LocalShard shard;

    DescribeGroupsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeGroupsRequestData request, RequestContext context) {
        boolean withOperations = request.includeAuthorizedOperations();
        return Promise.all(request.groups().stream()
                        .map(groupId -> describe(groupId, context))
                        .toList())
                .map(groups -> {
                    if (withOperations) {
                        groups.forEach(DescribeGroupsHandler::addOperations);
                    }
                    return new DescribeGroupsResponseData().setGroups(groups);
                });
    }

    private Promise<DescribedGroup> describe(String groupId, RequestContext context) {
        if (groupId.isEmpty()) {
            return Promise.of(GroupAnswers.describeFailed(groupId, Errors.INVALID_GROUP_ID));
        }
        return GroupCalls.ask(
                shard,
                context,
                groupId,
                groupId,
                GroupCoordinator::describe,
                error -> GroupAnswers.describeFailed(groupId, error));
    }

    private static void addOperations(DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code()) {
            group.setAuthorizedOperations(AuthorizedOperations.GROUP);
        }
    }
}
