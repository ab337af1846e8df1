package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ListPartitionReassignments (KIP-455). Partitions do not move in this cluster, so the list is empty. */
final class ListPartitionReassignmentsHandler implements RequestHandler<ListPartitionReassignmentsRequestData> {

    private static final Api API = new Api(ApiKeys.LIST_PARTITION_REASSIGNMENTS, 0, 0);

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ListPartitionReassignmentsRequestData request, RequestContext context) {
        return Promise.of(new ListPartitionReassignmentsResponseData());
    }
}
