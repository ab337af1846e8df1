package io.millrace.log.transaction;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Expiry;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.transaction.TransactionState.Idle;
import java.util.ArrayList;
import java.util.List;

/**
 * Forgets transactional ids that nobody has used for {@code transactional.id.expiration.ms}, but never one with an open
 * transaction.
 */
final class IdExpiry implements Expiry.Look {

    private final TransactionConfig config;
    private final TransactionTable table;

    IdExpiry(TransactionConfig config, TransactionTable table) {
        this.config = config;
        this.table = table;
    }

    @Override
    public List<CoordinatorRecord> expired(long nowMs) {
        List<CoordinatorRecord> records = new ArrayList<>();
        table.each((transactionalId, state) -> {
            boolean expired = state instanceof Idle idle && nowMs - idle.updatedMs() >= config.idExpirationMs();
            if (expired && records.size() < Expiry.RECORDS_MAX) {
                records.add(TransactionRecordCodec.tombstone(transactionalId));
            }
        });
        return records;
    }
}
