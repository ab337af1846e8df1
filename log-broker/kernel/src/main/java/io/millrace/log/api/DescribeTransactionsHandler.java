package io.millrace.log.api;

import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTransactions (KIP-664): each transactional id by itself. */
final class DescribeTransactionsHandler implements RequestHandler<DescribeTransactionsRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_TRANSACTIONS, 0, 0);

    private final LocalShard shard;

    DescribeTransactionsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeTransactionsRequestData request, RequestContext context) {
        return Promise.all(
                        request.transactionalIds().stream().map(this::describe).toList())
                .map(states -> new DescribeTransactionsResponseData().setTransactionStates(states));
    }

    private Promise<TransactionState> describe(String transactionalId) {
        if (transactionalId.isEmpty()) {
            return Promise.of(failed(transactionalId, Errors.INVALID_REQUEST));
        }
        return TransactionCalls.ask(
                shard,
                transactionalId,
                transactionalId,
                TransactionCoordinator::describe,
                error -> failed(transactionalId, error));
    }

    private static TransactionState failed(String transactionalId, Errors error) {
        return new TransactionState().setTransactionalId(transactionalId).setErrorCode(error.code());
    }
}
