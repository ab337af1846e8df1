package io.millrace.log.transaction;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import io.millrace.log.transaction.TransactionState.Prepared;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.apache.kafka.common.protocol.Errors;

/** Decides for good how a transaction ends: once the record of that is committed, the partitions are told. */
final class Preparation {

    private final ProducerIdSource producerIds;
    private final MarkerDelivery delivery;

    Preparation(ProducerIdSource producerIds, MarkerDelivery delivery) {
        this.producerIds = producerIds;
        this.delivery = delivery;
    }

    /**
     * Ends a transaction with an epoch of its own.
     *
     * @param ending makes the state from the id to go on with, when the epochs of {@code producer} are used up
     * @param answer told that the end is committed, with the state, or what went wrong
     */
    Decision withNewEpoch(
            String transactionalId, TransactionProducer producer, LongFunction<Prepared> ending, Answer answer) {
        if (!producer.isExhausted()) {
            return of(transactionalId, ending.apply(TransactionProducer.NO_ID), answer);
        }
        OptionalLong next = producerIds.next();
        if (next.isEmpty()) {
            return Decision.read(error -> answer.failed(orLoading(error)));
        }
        return of(transactionalId, ending.apply(next.getAsLong()), answer);
    }

    Decision of(String transactionalId, Prepared prepared, Answer answer) {
        List<CoordinatorRecord> records = List.of(TransactionRecordCodec.transaction(transactionalId, prepared));
        return new Decision(records, new End(transactionalId, prepared, answer));
    }

    /** What the client is told to try again after. */
    static Errors orLoading(Errors error) {
        return error == Errors.NONE ? Errors.COORDINATOR_LOAD_IN_PROGRESS : error;
    }

    /** Where the outcome goes. */
    interface Answer {

        void prepared(Prepared prepared);

        void failed(Errors error);
    }

    private final class End implements Outcome {
        private final String transactionalId;
        private final Prepared prepared;
        private final Answer answer;

        End(String transactionalId, Prepared prepared, Answer answer) {
            this.transactionalId = transactionalId;
            this.prepared = prepared;
            this.answer = answer;
        }

        @Override
        public Decision committed(long nowMs) {
            answer.prepared(prepared);
            return delivery.start(transactionalId, prepared, nowMs);
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            answer.failed(error);
            delivery.startOnceCommitted(transactionalId, prepared, nowMs);
            return Decision.NOTHING;
        }
    }
}
