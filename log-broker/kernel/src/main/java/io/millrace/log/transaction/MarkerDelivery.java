package io.millrace.log.transaction;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import io.millrace.log.transaction.TransactionState.Prepared;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Sees prepared transactions through: has a marker written to every partition, again where that failed, and then the
 * record that the transaction is complete. Where it stands is not replicated: after a restart, all markers are written
 * again, which the partitions bear.
 *
 * <p>A partition that is gone needs no marker, nor does one at which the producer's epoch is a later one: what the
 * transaction had open there has been ended with that.
 */
final class MarkerDelivery {

    private static final long RETRY_MS = 20;
    private static final int DOUBLINGS_MAX = 9;
    private static final long AT_ONCE = 0;

    private record Key(String transactionalId) {}

    /** One attempt, the first being number 0. */
    private record Round(String transactionalId, Prepared prepared, List<TopicPartition> missing, int number) {

        Round again(List<TopicPartition> stillMissing) {
            return new Round(transactionalId, prepared, stillMissing, Math.min(number + 1, DOUBLINGS_MAX));
        }

        long delayMs() {
            return RETRY_MS << number;
        }
    }

    private final TransactionTable table;
    private final Deadlines deadlines;
    private final TransactionCoordinator.Surroundings surroundings;
    private boolean stopped;

    MarkerDelivery(TransactionTable table, Deadlines deadlines, TransactionCoordinator.Surroundings surroundings) {
        this.table = table;
        this.deadlines = deadlines;
        this.surroundings = surroundings;
    }

    /** Nothing is delivered any more. What is under way is left to whoever loads the log next. */
    void stop() {
        stopped = true;
    }

    /** Begins with a transaction whose end is committed. */
    Decision start(String transactionalId, Prepared prepared, long nowMs) {
        if (prepared.partitions().isEmpty()) {
            return complete(transactionalId, prepared, nowMs);
        }
        send(new Round(transactionalId, prepared, prepared.partitions().list(), 0));
        return Decision.NOTHING;
    }

    /** As {@link #start}, once it is known that the end is committed; does nothing if its record was not appended. */
    void startOnceCommitted(String transactionalId, Prepared prepared, long nowMs) {
        if (!table.isIn(transactionalId, prepared)) {
            return;
        }
        Outcome known = new Outcome() {
            @Override
            public Decision committed(long laterMs) {
                return start(transactionalId, prepared, laterMs);
            }

            @Override
            public Decision failed(long laterMs, Errors error) {
                startOnceCommitted(transactionalId, prepared, laterMs);
                return Decision.NOTHING;
            }
        };
        deadlines.set(new Key(transactionalId), nowMs + RETRY_MS, _ -> new Decision(List.of(), known));
    }

    private void send(Round round) {
        surroundings
                .markers()
                .write(round.prepared().marker(surroundings.coordinatorEpoch()), round.missing())
                .whenDone(errors -> arrived(round, errors));
    }

    /** What follows is decided in a step of its own: the answer may come within the decision that asked for it. */
    private void arrived(Round round, Map<TopicPartition, Errors> errors) {
        if (!stopped) {
            deadlines.set(new Key(round.transactionalId()), AT_ONCE, nowMs -> next(round, errors, nowMs));
        }
    }

    private Decision next(Round round, Map<TopicPartition, Errors> errors, long nowMs) {
        List<TopicPartition> missing = round.missing().stream()
                .filter(each -> isMissing(errors.getOrDefault(each, Errors.UNKNOWN_SERVER_ERROR)))
                .toList();
        if (missing.isEmpty()) {
            return complete(round.transactionalId(), round.prepared(), nowMs);
        }
        deadlines.set(new Key(round.transactionalId()), nowMs + round.delayMs(), _ -> {
            send(round.again(missing));
            return Decision.NOTHING;
        });
        return Decision.NOTHING;
    }

    private static boolean isMissing(Errors error) {
        return switch (error) {
            case NONE, UNKNOWN_TOPIC_OR_PARTITION, INVALID_PRODUCER_EPOCH -> false;
            default -> true;
        };
    }

    private Decision complete(String transactionalId, Prepared prepared, long nowMs) {
        if (!table.isIn(transactionalId, prepared)) {
            return Decision.NOTHING;
        }
        Outcome again = new Outcome() {
            @Override
            public Decision committed(long laterMs) {
                return Decision.NOTHING;
            }

            @Override
            public Decision failed(long laterMs, Errors error) {
                deadlines.set(
                        new Key(transactionalId),
                        laterMs + RETRY_MS,
                        thenMs -> complete(transactionalId, prepared, thenMs));
                return Decision.NOTHING;
            }
        };
        return new Decision(
                List.of(TransactionRecordCodec.transaction(transactionalId, prepared.complete(nowMs))), again);
    }
}
