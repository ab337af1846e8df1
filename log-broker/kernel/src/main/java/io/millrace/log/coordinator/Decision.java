package io.millrace.log.coordinator;

import io.millrace.log.record.TransactionMarker;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplicatedState} makes of an event: records for the log, and what to do when they are committed.
 *
 * <p>The records of one decision are appended as one batch, all or none. A decision without records reads: its outcome
 * is committed as soon as everything appended before it is, so that nobody is told of a state that may yet be lost.
 */
public record Decision(
        List<CoordinatorRecord> records, @Nullable Transaction transaction, Outcome outcome) {

    /** What a decision has to do with a producer's transaction. */
    public sealed interface Transaction {}

    /** Whose transaction the records belong to: they count once it is committed. */
    public record Producer(long id, short epoch) implements Transaction {}

    /** In place of records: the producer's transaction is over. */
    public record End(TransactionMarker marker) implements Transaction {}

    private static final Outcome NO_OUTCOME = new Outcome() {
        @Override
        public Decision committed(long nowMs) {
            return NOTHING;
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            return NOTHING;
        }
    };

    /** Nothing to write and nobody to tell. */
    public static final Decision NOTHING = new Decision(List.of(), NO_OUTCOME);

    /** Records that count as soon as they are committed. */
    public Decision(List<CoordinatorRecord> records, Outcome outcome) {
        this(records, null, outcome);
    }

    boolean isNothing() {
        return !writes() && outcome == NO_OUTCOME;
    }

    boolean writes() {
        return !records.isEmpty() || transaction instanceof End;
    }

    /** Records whose fate nobody waits for. */
    public static Decision write(List<CoordinatorRecord> records) {
        return new Decision(records, NO_OUTCOME);
    }

    /** Records, and the one answer that depends on them. */
    public static Decision write(List<CoordinatorRecord> records, Reply reply) {
        return new Decision(records, new ReplyOutcome(reply));
    }

    /** Records of a producer's transaction, and the one answer that depends on them. */
    public static Decision writeTransactional(Producer producer, List<CoordinatorRecord> records, Reply reply) {
        return new Decision(records, producer, new ReplyOutcome(reply));
    }

    /** The end of a producer's transaction in this log, and the one answer that depends on it. */
    public static Decision end(TransactionMarker marker, Reply reply) {
        return new Decision(List.of(), new End(marker), new ReplyOutcome(reply));
    }

    /** An outcome that is nothing but the one answer that depends on it. */
    public static Outcome telling(Reply reply) {
        return new ReplyOutcome(reply);
    }

    /** An answer that leaves when everything appended so far is committed. */
    public static Decision read(Reply reply) {
        return write(List.of(), reply);
    }

    /** Sends an answer, with {@link Errors#NONE} or with what went wrong. */
    @FunctionalInterface
    public interface Reply {
        void send(Errors error);
    }

    private record ReplyOutcome(Reply reply) implements Outcome {
        @Override
        public Decision committed(long nowMs) {
            reply.send(Errors.NONE);
            return NOTHING;
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            reply.send(error);
            return NOTHING;
        }
    }
}
