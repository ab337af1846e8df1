package io.millrace.log.transaction;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Aborts transactions that stay open for longer than their producer asked for, and fences it. */
final class TransactionTimeouts {

    private static final long RETRY_MS = 1_000;

    private record Key(String transactionalId) {}

    private final TransactionTable table;
    private final Deadlines deadlines;
    private final Preparation preparation;

    TransactionTimeouts(TransactionTable table, Deadlines deadlines, Preparation preparation) {
        this.table = table;
        this.deadlines = deadlines;
        this.preparation = preparation;
    }

    /** An id is in another state now. */
    void follow(String transactionalId, @Nullable TransactionState state) {
        if (state instanceof Ongoing open) {
            setDeadline(transactionalId, open.startedMs() + open.producer().timeoutMs());
        } else {
            deadlines.cancel(new Key(transactionalId));
        }
    }

    private void setDeadline(String transactionalId, long deadlineMs) {
        deadlines.set(new Key(transactionalId), deadlineMs, nowMs -> elapsed(transactionalId, nowMs));
    }

    private Decision elapsed(String transactionalId, long nowMs) {
        if (!(table.find(transactionalId) instanceof Ongoing open)) {
            return Decision.NOTHING;
        }
        Preparation.Answer retry = new Preparation.Answer() {
            @Override
            public void prepared(Prepared prepared) {}

            @Override
            public void failed(Errors error) {
                if (table.isIn(transactionalId, open)) {
                    setDeadline(transactionalId, nowMs + RETRY_MS);
                }
            }
        };
        return preparation.withNewEpoch(transactionalId, open.producer(), nextId -> open.fence(nextId, nowMs), retry);
    }
}
