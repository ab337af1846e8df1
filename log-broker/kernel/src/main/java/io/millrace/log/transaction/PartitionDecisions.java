package io.millrace.log.transaction;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.transaction.TransactionState.Idle;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** AddPartitionsToTxn, of clients and of brokers, and what AddOffsetsToTxn comes to. */
final class PartitionDecisions {

    private final TransactionTable table;
    private final CompletionWaits waits;

    PartitionDecisions(TransactionTable table, CompletionWaits waits) {
        this.table = table;
        this.waits = waits;
    }

    /**
     * Answered CONCURRENT_TRANSACTIONS if the transaction before is still being completed after a while. The client may
     * know of the producer that follows that one: it is not judged before.
     */
    Decision add(TransactionCall<TransactionClaim, Errors> call) {
        String transactionalId = call.request().transactionalId();
        if (table.find(transactionalId) instanceof Prepared) {
            waits.add(transactionalId, call.nowMs(), nowMs -> decide(call, nowMs), call.answer());
            return Decision.NOTHING;
        }
        return decide(call, call.nowMs());
    }

    private Decision decide(TransactionCall<TransactionClaim, Errors> call, long nowMs) {
        TransactionClaim claim = call.request();
        TransactionState state = table.find(claim.transactionalId());
        Errors invalid = state instanceof Prepared ? Errors.CONCURRENT_TRANSACTIONS : validate(claim, state);
        return switch (state) {
            case Ongoing open when invalid == Errors.NONE -> extend(call, open, nowMs);
            case Idle idle
            when invalid == Errors.NONE ->
                write(call, idle.begin(TransactionPartitions.of(claim.partitions()), claim.version(), nowMs));
            case null, default -> answer(call, invalid);
        };
    }

    private static Decision extend(TransactionCall<TransactionClaim, Errors> call, Ongoing open, long nowMs) {
        TransactionClaim claim = call.request();
        if (open.partitions().containsAll(claim.partitions())) {
            return answer(call, Errors.NONE);
        }
        return write(call, open.add(open.partitions().plus(claim.partitions()), claim.version(), nowMs));
    }

    Decision verify(TransactionCall<TransactionClaim, Map<TopicPartition, Errors>> call) {
        TransactionClaim claim = call.request();
        TransactionState state = table.find(claim.transactionalId());
        Errors invalid = validate(claim, state);
        if (invalid == Errors.NONE && state instanceof Prepared) {
            invalid = Errors.CONCURRENT_TRANSACTIONS;
        }
        TransactionPartitions open =
                state instanceof Ongoing ongoing ? ongoing.partitions() : TransactionPartitions.NONE;
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        for (TopicPartition each : claim.partitions()) {
            Errors belongs = open.contains(each) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE;
            answers.put(each, invalid == Errors.NONE ? belongs : invalid);
        }
        return Decision.read(error -> {
            if (error != Errors.NONE) {
                answers.replaceAll((_, _) -> error);
            }
            call.answer().accept(answers);
        });
    }

    private static Errors validate(TransactionClaim claim, @Nullable TransactionState state) {
        if (state == null || state.producer().id() != claim.producerId()) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        return state.producer().epoch() == claim.producerEpoch() ? Errors.NONE : Errors.PRODUCER_FENCED;
    }

    private static Decision write(TransactionCall<TransactionClaim, Errors> call, Ongoing open) {
        return Decision.write(
                List.of(TransactionRecordCodec.transaction(call.request().transactionalId(), open)),
                error -> call.answer().accept(error));
    }

    private static Decision answer(TransactionCall<TransactionClaim, Errors> call, Errors answer) {
        return Decision.read(error -> call.answer().accept(error == Errors.NONE ? answer : error));
    }
}
