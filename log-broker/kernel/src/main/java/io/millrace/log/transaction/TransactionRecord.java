package io.millrace.log.transaction;

import org.jspecify.annotations.Nullable;

/** A record of {@code __transaction_state}, as far as this coordinator knows them. */
sealed interface TransactionRecord {

    /** @param state null for a tombstone */
    record Transaction(String transactionalId, @Nullable TransactionState state) implements TransactionRecord {}

    /** A record of a kind that a later version, or another broker, wrote. */
    record Unknown(short keyVersion) implements TransactionRecord {}
}
