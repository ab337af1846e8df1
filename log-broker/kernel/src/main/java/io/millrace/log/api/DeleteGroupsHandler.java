package io.millrace.log.api;

import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** DeleteGroups: each group by itself. */
final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequestData> {

    private static final Api API = new Api(ApiKeys.DELETE_GROUPS, 0, 2);

    private final LocalShard shard;

    DeleteGroupsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DeleteGroupsRequestData request, RequestContext context) {
        return Promise.all(request.groupsNames().stream()
                        .distinct()
                        .map(groupId -> delete(groupId, context))
                        .toList())
                .map(results -> {
                    DeletableGroupResultCollection all = new DeletableGroupResultCollection(results.size());
                    results.forEach(all::add);
                    return new DeleteGroupsResponseData().setResults(all);
                });
    }

    private Promise<DeletableGroupResult> delete(String groupId, RequestContext context) {
        return GroupCalls.ask(
                shard,
                context,
                groupId,
                groupId,
                GroupCoordinator::deleteGroup,
                error -> GroupAnswers.deleted(groupId, error));
    }
}
