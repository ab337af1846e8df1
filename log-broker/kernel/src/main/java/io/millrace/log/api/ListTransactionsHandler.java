package io.millrace.log.api;

import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * ListTransactions (KIP-664, KIP-994, KIP-1152): the transactions of every coordinator of this broker. One that is not
 * ready makes the whole an error: a list that silently lacks transactions would be taken for complete.
 */
final class ListTransactionsHandler implements RequestHandler<ListTransactionsRequestData> {

    private static final Api API = new Api(ApiKeys.LIST_TRANSACTIONS, 0, 2);

    private final LocalShard shard;

    ListTransactionsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ListTransactionsRequestData request, RequestContext context) {
        List<Promise<ListTransactionsResponseData>> parts = new ArrayList<>();
        for (int each = 0; each < shard.shards(); each++) {
            parts.add(shard.ask(each, there -> listHere(there.transactions(), request)));
        }
        return Promise.all(parts).map(ListTransactionsHandler::join);
    }

    private static Promise<ListTransactionsResponseData> listHere(
            TransactionCoordinators transactions, ListTransactionsRequestData request) {
        return Promise.all(transactions.partitions().stream()
                        .map(partition -> transactions.ask(
                                partition,
                                request,
                                TransactionCoordinator::list,
                                error -> new ListTransactionsResponseData().setErrorCode(error.code())))
                        .toList())
                .map(ListTransactionsHandler::join);
    }

    private static ListTransactionsResponseData join(List<ListTransactionsResponseData> parts) {
        ListTransactionsResponseData all = new ListTransactionsResponseData();
        for (ListTransactionsResponseData part : parts) {
            if (part.errorCode() == Errors.NONE.code()) {
                all.setUnknownStateFilters(part.unknownStateFilters());
                all.transactionStates().addAll(part.transactionStates());
            } else if (part.errorCode() != Errors.NOT_COORDINATOR.code()) {
                return part;
            }
        }
        return all;
    }
}
