package io.millrace.log.api;

import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import java.util.OptionalLong;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * InitProducerId: a new id for an idempotent producer (KIP-98); for a transactional one what its coordinator says
 * (KIP-360).
 */
final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {

    private static final Api API = new Api(ApiKeys.INIT_PRODUCER_ID, 0, 5);
    private static final long NO_ID = -1;
    private static final short NO_EPOCH = -1;

    private final LocalShard shard;

    InitProducerIdHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(InitProducerIdRequestData request, RequestContext context) {
        String transactionalId = request.transactionalId();
        if (transactionalId == null) {
            return shard.producerIds().awaitNext().map(InitProducerIdHandler::idempotent);
        }
        boolean halfNamed = (request.producerId() == NO_ID) != (request.producerEpoch() == NO_EPOCH);
        if (transactionalId.isEmpty() || halfNamed) {
            return Promise.of(failed(Errors.INVALID_REQUEST));
        }
        return TransactionCalls.ask(
                        shard,
                        transactionalId,
                        request,
                        TransactionCoordinator::initProducer,
                        InitProducerIdHandler::failed)
                .map(answer -> answer.setErrorCode(TransactionCalls.fenced(answer.errorCode(), API.key(), context)));
    }

    private static InitProducerIdResponseData idempotent(OptionalLong id) {
        return id.isEmpty()
                ? failed(Errors.COORDINATOR_LOAD_IN_PROGRESS)
                : new InitProducerIdResponseData().setProducerId(id.getAsLong()).setProducerEpoch((short) 0);
    }

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(NO_ID)
                .setProducerEpoch(NO_EPOCH);
    }
}
