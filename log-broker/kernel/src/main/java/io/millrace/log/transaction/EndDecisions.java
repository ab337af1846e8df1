package io.millrace.log.transaction;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.transaction.TransactionState.Completed;
import io.millrace.log.transaction.TransactionState.Empty;
import io.millrace.log.transaction.TransactionState.Idle;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import io.millrace.log.transaction.TransactionState.Result;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * EndTxn. In version 2 of transactions (EndTxn 5), the epoch in a request tells a repetition from the next request: a
 * client whose answer was lost repeats itself under the epoch before the one in force, or under the last epoch of the
 * id before.
 *
 * <pre>
 *                    Abort                         Commit
 *                    repeated         current      repeated         current
 *   Empty            PRODUCER_FENCED  new epoch    PRODUCER_FENCED  INVALID_TXN_STATE
 *   CompleteAbort    NONE             new epoch    PRODUCER_FENCED  INVALID_TXN_STATE
 *   CompleteCommit   INVALID_TXN_STATE new epoch   NONE             INVALID_TXN_STATE
 * </pre>
 *
 * A repeated commit meets an abort only if the coordinator itself aborted: the producer is told that it came too late,
 * from which clients recover (KAFKA-20785).
 */
final class EndDecisions {

    private final TransactionTable table;
    private final Preparation preparation;

    EndDecisions(TransactionTable table, Preparation preparation) {
        this.table = table;
        this.preparation = preparation;
    }

    Decision end(TransactionCall<EndTransaction, EndTxnResponseData> call) {
        TransactionState state = table.find(call.request().transactionalId());
        if (state == null) {
            return refuse(call, Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        return call.request().version() >= TransactionProducer.VERSION_2
                ? endWithEpoch(call, state)
                : endWithoutEpoch(call, state);
    }

    private Decision endWithoutEpoch(TransactionCall<EndTransaction, EndTxnResponseData> call, TransactionState state) {
        EndTransaction request = call.request();
        if (state.producer().id() != request.producerId()) {
            return refuse(call, Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (state.producer().epoch() != request.producerEpoch()) {
            return refuse(call, Errors.PRODUCER_FENCED);
        }
        Result result = result(request);
        return switch (state) {
            case Ongoing open ->
                preparation.of(
                        request.transactionalId(),
                        open.end(result, request.version(), TransactionProducer.NO_ID, call.nowMs()),
                        new Told(call));
            case Prepared _ -> refuse(call, Errors.CONCURRENT_TRANSACTIONS);
            case Completed over -> refuse(call, over.result() == result ? Errors.NONE : Errors.INVALID_TXN_STATE);
            case Empty _ -> refuse(call, Errors.INVALID_TXN_STATE);
        };
    }

    private Decision endWithEpoch(TransactionCall<EndTransaction, EndTxnResponseData> call, TransactionState state) {
        EndTransaction request = call.request();
        // The client may know of the producer that follows the end that is under way: it is not judged by the old one.
        if (state instanceof Prepared) {
            return refuse(call, Errors.CONCURRENT_TRANSACTIONS);
        }
        boolean sameId = state.producer().id() == request.producerId();
        if (!sameId && !repeatsAcrossIds(request, state.producer())) {
            return refuse(call, Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (sameId && state.producer().epoch() == request.producerEpoch()) {
            return endCurrent(call, state);
        }
        boolean repeated = !sameId || state.producer().epoch() == request.producerEpoch() + 1;
        return repeated && state instanceof Completed over ? repeat(call, over) : refuse(call, Errors.PRODUCER_FENCED);
    }

    private static boolean repeatsAcrossIds(EndTransaction request, TransactionProducer producer) {
        return producer.previousId() == request.producerId()
                && TransactionProducer.isExhausted(request.producerEpoch())
                && producer.epoch() == 0;
    }

    private Decision endCurrent(TransactionCall<EndTransaction, EndTxnResponseData> call, TransactionState state) {
        EndTransaction request = call.request();
        Result result = result(request);
        return switch (state) {
            case Ongoing open ->
                preparation.withNewEpoch(
                        request.transactionalId(),
                        state.producer(),
                        nextId -> open.end(result, request.version(), nextId, call.nowMs()),
                        new Told(call));
            case Idle idle
            when result == Result.ABORT ->
                preparation.withNewEpoch(
                        request.transactionalId(),
                        state.producer(),
                        nextId -> idle.abortNothing(nextId, call.nowMs()),
                        new Told(call));
            case Idle _ -> refuse(call, Errors.INVALID_TXN_STATE);
            case Prepared _ -> refuse(call, Errors.CONCURRENT_TRANSACTIONS);
        };
    }

    private static Decision repeat(TransactionCall<EndTransaction, EndTxnResponseData> call, Completed over) {
        if (over.result() == result(call.request())) {
            EndTxnResponseData answer = done(over.producer());
            return Decision.read(error -> call.answer().accept(error == Errors.NONE ? answer : failed(error)));
        }
        return refuse(call, over.result() == Result.ABORT ? Errors.PRODUCER_FENCED : Errors.INVALID_TXN_STATE);
    }

    private static Result result(EndTransaction request) {
        return request.committed() ? Result.COMMIT : Result.ABORT;
    }

    private static Decision refuse(TransactionCall<EndTransaction, EndTxnResponseData> call, Errors refusal) {
        return Decision.read(error -> call.answer().accept(failed(error == Errors.NONE ? refusal : error)));
    }

    /** An answer that holds no producer. */
    private static EndTxnResponseData failed(Errors error) {
        return new EndTxnResponseData().setErrorCode(error.code());
    }

    private static EndTxnResponseData done(TransactionProducer next) {
        return new EndTxnResponseData().setProducerId(next.id()).setProducerEpoch(next.epoch());
    }

    /** The client is told of the producer to go on with, if it speaks of that. */
    private record Told(TransactionCall<EndTransaction, EndTxnResponseData> call) implements Preparation.Answer {

        @Override
        public void prepared(Prepared prepared) {
            boolean speaksOfIt = call.request().version() >= TransactionProducer.VERSION_2;
            call.answer().accept(speaksOfIt ? done(prepared.next()) : new EndTxnResponseData());
        }

        @Override
        public void failed(Errors error) {
            call.answer().accept(EndDecisions.failed(error));
        }
    }
}
