package io.millrace.log.api;

import io.millrace.log.metadata.ProducerIds;
import io.millrace.log.types.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * InitProducerId for idempotent producers (KIP-98). Ids come from blocks that the controller gives to this shard, so
 * that no id is ever given twice. Transactions are not served: a transactional id is answered with UNSUPPORTED_VERSION.
 */
final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {

    private static final Api API = new Api(ApiKeys.INIT_PRODUCER_ID, 0, 5);

    private final LocalShard shard;
    private final Deque<Promise<InitProducerIdResponseData>> waiting = new ArrayDeque<>();
    private ProducerIds.Block block = ProducerIds.Block.NONE;
    private long nextId;
    private boolean asking;

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
        if (transactionalId != null) {
            return Promise.of(failed(transactionalId.isEmpty() ? Errors.INVALID_REQUEST : Errors.UNSUPPORTED_VERSION));
        }
        Promise<InitProducerIdResponseData> answer = new Promise<>();
        waiting.add(answer);
        serve();
        return answer;
    }

    private void serve() {
        while (!waiting.isEmpty() && nextId < block.end()) {
            InitProducerIdResponseData answer =
                    new InitProducerIdResponseData().setProducerId(nextId).setProducerEpoch((short) 0);
            nextId++;
            waiting.remove().complete(answer);
        }
        if (!waiting.isEmpty() && !asking) {
            asking = true;
            shard.decide(ProducerIds::allocate, refused -> ProducerIds.Block.NONE)
                    .whenDone(this::received);
        }
    }

    private void received(ProducerIds.Block given) {
        asking = false;
        block = given;
        nextId = given.start();
        if (given.equals(ProducerIds.Block.NONE)) {
            waiting.forEach(answer -> answer.complete(failed(Errors.COORDINATOR_LOAD_IN_PROGRESS)));
            waiting.clear();
        }
        serve();
    }

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}
