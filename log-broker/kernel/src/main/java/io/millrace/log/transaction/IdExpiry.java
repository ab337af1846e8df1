package io.millrace.log.transaction;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.transaction.TransactionState.Idle;
import java.util.ArrayList;
import java.util.List;

/**
 * Forgets transactional ids that nobody has used for {@code transactional.id.expiration.ms}, but never one with an open
 * transaction. Each look writes a bounded number of records; what is left over waits for the next.
 */
final class IdExpiry {

    private static final int RECORDS_MAX = 1000;

    private enum Key {
        NEXT_LOOK
    }

    private final TransactionConfig config;
    private final TransactionTable table;
    private final Deadlines deadlines;

    IdExpiry(TransactionConfig config, TransactionTable table, Deadlines deadlines) {
        this.config = config;
        this.table = table;
        this.deadlines = deadlines;
    }

    /** Looks again and again from now on. */
    void start(long nowMs) {
        deadlines.set(Key.NEXT_LOOK, nowMs + config.expirationCheckMs(), this::look);
    }

    private Decision look(long nowMs) {
        List<CoordinatorRecord> records = new ArrayList<>();
        table.each((transactionalId, state) -> {
            boolean expired = state instanceof Idle idle && nowMs - idle.updatedMs() >= config.idExpirationMs();
            if (expired && records.size() < RECORDS_MAX) {
                records.add(TransactionRecordCodec.tombstone(transactionalId));
            }
        });
        start(nowMs);
        return records.isEmpty() ? Decision.NOTHING : Decision.write(records);
    }
}
