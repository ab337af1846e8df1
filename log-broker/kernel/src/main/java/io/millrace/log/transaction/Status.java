package io.millrace.log.transaction;

import io.millrace.log.transaction.TransactionState.Completed;
import io.millrace.log.transaction.TransactionState.Empty;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import io.millrace.log.transaction.TransactionState.Result;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's names and numbers for the states, as records, DescribeTransactions and ListTransactions have them. No
 * transaction here is ever in the last two, which clients may ask for all the same.
 */
enum Status {
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort"),
    DEAD(6, "Dead"),
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private final byte code;
    private final String label;

    Status(int code, String label) {
        this.code = (byte) code;
        this.label = label;
    }

    static Status of(TransactionState state) {
        return switch (state) {
            case Empty _ -> EMPTY;
            case Ongoing _ -> ONGOING;
            case Prepared prepared -> prepared.result() == Result.COMMIT ? PREPARE_COMMIT : PREPARE_ABORT;
            case Completed completed -> completed.result() == Result.COMMIT ? COMPLETE_COMMIT : COMPLETE_ABORT;
        };
    }

    /** @throws SchemaException if there is no such number */
    static Status ofCode(byte code) {
        for (Status each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        throw new SchemaException("a transaction's record has the unknown state " + code);
    }

    /** Null if there is no such name. */
    static @Nullable Status ofLabel(String label) {
        for (Status each : values()) {
            if (each.label.equals(label)) {
                return each;
            }
        }
        return null;
    }

    String label() {
        return label;
    }

    byte code() {
        return code;
    }
}
