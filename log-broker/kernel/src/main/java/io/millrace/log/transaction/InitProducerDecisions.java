package io.millrace.log.transaction;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.transaction.TransactionState.Empty;
import io.millrace.log.transaction.TransactionState.Idle;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * InitProducerId with a transactional id. Whoever asks fences all before it: a transaction that is open is aborted
 * first, and the client asked to try again. A producer that names the id and epoch it has goes on after an error
 * (KIP-360), if nobody has fenced it.
 */
final class InitProducerDecisions {

    private final TransactionConfig config;
    private final TransactionTable table;
    private final ProducerIdSource producerIds;
    private final Preparation preparation;

    InitProducerDecisions(
            TransactionConfig config, TransactionTable table, ProducerIdSource producerIds, Preparation preparation) {
        this.config = config;
        this.table = table;
        this.producerIds = producerIds;
        this.preparation = preparation;
    }

    Decision init(TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call) {
        InitProducerIdRequestData request = call.request();
        int timeoutMs = request.transactionTimeoutMs();
        if (timeoutMs <= 0 || timeoutMs > config.timeoutMaxMs()) {
            return refuse(call, Errors.INVALID_TRANSACTION_TIMEOUT);
        }
        TransactionState state = table.find(request.transactionalId());
        if (state instanceof Prepared) {
            return refuse(call, Errors.CONCURRENT_TRANSACTIONS);
        }
        if (state != null && !isKnown(request, state.producer())) {
            return refuse(call, Errors.PRODUCER_FENCED);
        }
        return switch (state) {
            case null -> create(call);
            case Ongoing open -> fence(call, open);
            case Idle idle -> letIn(call, idle);
            case Prepared _ -> refuse(call, Errors.CONCURRENT_TRANSACTIONS);
        };
    }

    /** Whether the producer in the request, if any, is the one that is here, or was until its epochs were used up. */
    private static boolean isKnown(InitProducerIdRequestData request, TransactionProducer here) {
        return !namesProducer(request)
                || request.producerId() == here.id()
                || (request.producerId() == here.previousId()
                        && TransactionProducer.isExhausted(request.producerEpoch()));
    }

    private static boolean namesProducer(InitProducerIdRequestData request) {
        return request.producerId() != TransactionProducer.NO_ID;
    }

    private Decision create(TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call) {
        OptionalLong id = producerIds.next();
        if (id.isEmpty()) {
            return refuse(call, Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
        TransactionProducer producer = new TransactionProducer(
                id.getAsLong(),
                (short) 0,
                id.getAsLong(),
                TransactionProducer.NO_EPOCH,
                call.request().transactionTimeoutMs(),
                TransactionProducer.VERSION_0);
        return write(call, new Empty(producer, call.nowMs()));
    }

    /** A producer that is not the one whose transaction is open must not abort it either. */
    private Decision fence(TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call, Ongoing open) {
        InitProducerIdRequestData request = call.request();
        if (namesProducer(request) && request.producerEpoch() != open.producer().epoch()) {
            return refuse(call, Errors.PRODUCER_FENCED);
        }
        return preparation.withNewEpoch(
                request.transactionalId(),
                open.producer(),
                nextId -> open.fence(nextId, call.nowMs()),
                new Preparation.Answer() {
                    @Override
                    public void prepared(Prepared prepared) {
                        failed(Errors.CONCURRENT_TRANSACTIONS);
                    }

                    @Override
                    public void failed(Errors error) {
                        call.answer().accept(answer(error));
                    }
                });
    }

    private Decision letIn(TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call, Idle idle) {
        TransactionProducer here = idle.producer();
        InitProducerIdRequestData request = call.request();
        boolean names = namesProducer(request);
        if (here.isExhausted() && (!names || request.producerEpoch() == here.epoch())) {
            OptionalLong id = producerIds.next();
            short last = names ? here.epoch() : TransactionProducer.NO_EPOCH;
            return id.isEmpty()
                    ? refuse(call, Errors.COORDINATOR_LOAD_IN_PROGRESS)
                    : write(call, idle, here.renamed(id.getAsLong(), last));
        }
        TransactionProducer next = names ? goingOn(request, here) : fencing(here);
        return next == null ? refuse(call, Errors.PRODUCER_FENCED) : write(call, idle, next);
    }

    private static TransactionProducer fencing(TransactionProducer here) {
        return here.at((short) (here.epoch() + 1), TransactionProducer.NO_EPOCH);
    }

    /** Null if the producer in the request is fenced; unchanged if it asks once more for what it was given. */
    private static @Nullable TransactionProducer goingOn(InitProducerIdRequestData request, TransactionProducer here) {
        if (request.producerEpoch() == here.epoch()) {
            return here.bumped();
        }
        return request.producerEpoch() == here.lastEpoch() ? here : null;
    }

    private static Decision write(
            TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call,
            Idle idle,
            TransactionProducer next) {
        return write(call, idle.initialise(next.withTimeout(call.request().transactionTimeoutMs()), call.nowMs()));
    }

    private static Decision write(
            TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call, Empty state) {
        InitProducerIdResponseData answer = new InitProducerIdResponseData()
                .setProducerId(state.producer().id())
                .setProducerEpoch(state.producer().epoch());
        return Decision.write(
                List.of(TransactionRecordCodec.transaction(call.request().transactionalId(), state)),
                error -> call.answer().accept(error == Errors.NONE ? answer : answer(error)));
    }

    private static Decision refuse(
            TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call, Errors refusal) {
        return Decision.read(error -> call.answer().accept(answer(error == Errors.NONE ? refusal : error)));
    }

    private static InitProducerIdResponseData answer(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(TransactionProducer.NO_ID)
                .setProducerEpoch(TransactionProducer.NO_EPOCH);
    }
}
