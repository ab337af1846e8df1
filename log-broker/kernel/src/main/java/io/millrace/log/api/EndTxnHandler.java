package io.millrace.log.api;

import io.millrace.log.transaction.EndTransaction;
import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** EndTxn: commits or aborts; from version 5 on, tells of the producer to go on with (KIP-890). */
final class EndTxnHandler implements RequestHandler<EndTxnRequestData> {

    private static final Api API = new Api(ApiKeys.END_TXN, 0, 5);
    private static final int FIRST_VERSION_WITH_EPOCHS = 5;
    private static final int TRANSACTIONS_WITH_EPOCHS = 2;
    private static final int TRANSACTIONS_WITHOUT = 0;

    private final LocalShard shard;

    EndTxnHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(EndTxnRequestData request, RequestContext context) {
        if (request.transactionalId().isEmpty()) {
            return Promise.of(failed(Errors.INVALID_REQUEST));
        }
        EndTransaction end = new EndTransaction(
                request.transactionalId(),
                request.producerId(),
                request.producerEpoch(),
                request.committed(),
                context.version() >= FIRST_VERSION_WITH_EPOCHS ? TRANSACTIONS_WITH_EPOCHS : TRANSACTIONS_WITHOUT);
        return TransactionCalls.ask(
                        shard, end.transactionalId(), end, TransactionCoordinator::end, EndTxnHandler::failed)
                .map(answer -> answer.setErrorCode(TransactionCalls.fenced(answer.errorCode(), API.key(), context)));
    }

    private static EndTxnResponseData failed(Errors error) {
        return new EndTxnResponseData().setErrorCode(error.code());
    }
}
