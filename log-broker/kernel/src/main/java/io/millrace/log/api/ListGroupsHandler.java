package io.millrace.log.api;

import io.millrace.log.group.Caller;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * ListGroups: the groups of every coordinator of this broker. One that is not ready makes the whole an error: a list
 * that silently lacks groups would be taken for complete.
 */
final class ListGroupsHandler implements RequestHandler<ListGroupsRequestData> {

    private static final Api API = new Api(ApiKeys.LIST_GROUPS, 0, 5);

    private final LocalShard shard;

    ListGroupsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ListGroupsRequestData request, RequestContext context) {
        Caller caller = GroupCalls.caller(context);
        List<Promise<ListGroupsResponseData>> parts = new ArrayList<>();
        for (int each = 0; each < shard.shards(); each++) {
            parts.add(shard.ask(each, there -> listHere(there.groups(), caller, request)));
        }
        return Promise.all(parts).map(ListGroupsHandler::join);
    }

    private static Promise<ListGroupsResponseData> listHere(
            GroupCoordinators groups, Caller caller, ListGroupsRequestData request) {
        return Promise.all(groups.partitions().stream()
                        .map(partition -> groups.ask(
                                partition,
                                caller,
                                request,
                                GroupCoordinator::list,
                                error -> new ListGroupsResponseData().setErrorCode(error.code())))
                        .toList())
                .map(ListGroupsHandler::join);
    }

    private static ListGroupsResponseData join(List<ListGroupsResponseData> parts) {
        ListGroupsResponseData all = new ListGroupsResponseData();
        for (ListGroupsResponseData part : parts) {
            if (part.errorCode() == Errors.NONE.code()) {
                all.groups().addAll(part.groups());
            } else if (part.errorCode() != Errors.NOT_COORDINATOR.code()) {
                return part;
            }
        }
        return all;
    }
}
