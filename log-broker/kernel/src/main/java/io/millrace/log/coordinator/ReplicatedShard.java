package io.millrace.log.coordinator;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.Promise;
import io.millrace.log.types.Timers;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link ReplicatedState} on the one partition that stores it, for as long as this broker leads that partition.
 *
 * <p>Life cycle: LOADING from {@link #start} on, in which one slice of the log after the other is replayed, until all
 * of it is committed; ACTIVE, in which events are decided; CLOSED, when leadership is gone; FAILED, when the log cannot
 * be read or committed, or holds a record that cannot be understood. A CLOSED or FAILED shard decides nothing more;
 * gaining leadership again makes a new one.
 *
 * <p>In ACTIVE, a decision's records are appended, then replayed into the state at once, and the decision's outcome
 * waits until they are committed. An append that is refused has changed nothing. When an append is lost later, the
 * state is dropped with all who wait on it, and what the log still holds is loaded again: the state is never anything
 * but what the log says.
 *
 * <p>A decision waits no longer than {@link ShardLimits#commitTimeoutMs}: then its outcome fails with
 * COORDINATOR_NOT_AVAILABLE, though its records stay and may still be committed, as with any request that times out.
 *
 * <p>Single-threaded: called by the loop that owns the partition.
 *
 * @param <S> the state
 */
public final class ReplicatedShard<S extends ReplicatedState> {

    /** Where the shard is in its life. */
    public enum Status {
        LOADING,
        ACTIVE,
        CLOSED,
        FAILED
    }

    /** A coordinator does not count the batches that it writes for a producer: all begin alike, as in Kafka. */
    private static final int NO_SEQUENCES = 0;

    private final CoordinatorLog log;
    private final ShardLimits limits;
    private final Timers timers;
    private final Function<Deadlines, S> factory;
    private final Consumer<String> failed;

    private Deadlines deadlines;
    private S state;
    private Status status = Status.LOADING;
    private long loadOffset;

    /**
     * @param factory makes an empty state that sets its deadlines on the given ones
     * @param failed told, for the operator, why the shard is FAILED
     */
    public ReplicatedShard(
            CoordinatorLog log,
            ShardLimits limits,
            Timers timers,
            Function<Deadlines, S> factory,
            Consumer<String> failed) {
        this.log = log;
        this.limits = limits;
        this.timers = timers;
        this.factory = factory;
        this.failed = failed;
        this.deadlines = new Deadlines(timers, this::execute);
        this.state = factory.apply(deadlines);
    }

    public Status status() {
        return status;
    }

    /** Begins to load. Called once. */
    public void start() {
        loadOffset = log.startOffset();
        load();
    }

    /**
     * Lets the state decide on an event.
     *
     * @param refused told the error if the state is not there to decide: COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR
     *     or, when the shard has failed, COORDINATOR_NOT_AVAILABLE
     */
    public void submit(Function<S, Decision> event, Consumer<Errors> refused) {
        switch (status) {
            case LOADING -> refused.accept(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            case CLOSED -> refused.accept(Errors.NOT_COORDINATOR);
            case FAILED -> refused.accept(Errors.COORDINATOR_NOT_AVAILABLE);
            case ACTIVE -> execute(event.apply(state));
        }
    }

    /** Leadership is gone. Everyone who waits is told NOT_COORDINATOR, and finds the new one. */
    public void close() {
        drop(Status.CLOSED, Errors.NOT_COORDINATOR);
    }

    private void drop(Status next, Errors error) {
        boolean wasActive = status == Status.ACTIVE;
        status = next;
        deadlines.end();
        if (wasActive) {
            state.unloaded(error);
        }
    }

    private void load() {
        if (status != Status.LOADING) {
            return;
        }
        switch (log.read(loadOffset, limits.loadBytesMax())) {
            case CoordinatorLog.Read.Failed unreadable -> fail("cannot be read: " + unreadable.error());
            case CoordinatorLog.Read.Batches batches -> replay(batches.records());
        }
        if (status == Status.LOADING) {
            if (loadOffset >= log.endOffset()) {
                log.committed(log.endOffset() - 1).whenDone(this::replayed);
            } else {
                timers.at(timers.now() + 1, this::load);
            }
        }
    }

    private void replay(MemoryRecords slice) {
        boolean any = false;
        try {
            for (RecordBatch batch : slice.batches()) {
                replay(batch);
                loadOffset = batch.nextOffset();
                any = true;
            }
        } catch (KafkaException damaged) {
            fail("holds a record that cannot be read, at or after offset " + loadOffset + ": " + damaged.getMessage());
            return;
        }
        if (!any) {
            loadOffset = log.endOffset();
        }
    }

    private void replay(RecordBatch batch) {
        for (Record each : batch) {
            if (!each.hasKey()) {
                throw new SchemaException("the record at offset " + each.offset() + " has no key");
            }
            if (each.offset() < loadOffset) {
                continue;
            }
            if (batch.isControlBatch()) {
                replayControl(batch.producerId(), ControlRecordType.parse(each.key()));
            } else if (batch.isTransactional()) {
                state.replayTransactional(each.offset(), batch.producerId(), each.key(), each.value());
            } else {
                state.replay(each.offset(), each.key(), each.value());
            }
        }
    }

    private void replayControl(long producerId, ControlRecordType type) {
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            state.replayEnd(producerId, type == ControlRecordType.COMMIT);
        }
    }

    /** Nobody is told of what was replayed before it is committed: it could still be taken back. */
    private void replayed(Errors error) {
        if (status != Status.LOADING) {
            return;
        }
        switch (error) {
            case NONE -> {
                status = Status.ACTIVE;
                state.loaded(timers.now()).forEach(this::execute);
            }
            case KAFKA_STORAGE_ERROR -> fail("cannot be committed");
            default -> status = Status.CLOSED;
        }
    }

    private void fail(String reason) {
        status = Status.FAILED;
        failed.accept("The coordinator of this partition does not start: its log " + reason);
    }

    private void execute(Decision decision) {
        if (decision.isNothing() || status != Status.ACTIVE) {
            return;
        }
        if (decision.writes()) {
            switch (append(decision)) {
                case CoordinatorLog.Append.Refused refused -> {
                    execute(decision.outcome().failed(timers.now(), clientError(refused.error())));
                    return;
                }
                case CoordinatorLog.Append.Appended appended -> replay(decision, appended.lastOffset());
            }
        }
        await(decision.outcome());
    }

    private CoordinatorLog.Append append(Decision decision) {
        SimpleRecord[] records = decision.records().stream()
                .map(each -> new SimpleRecord(timers.now(), Utils.toArray(each.key()), array(each.value())))
                .toArray(SimpleRecord[]::new);
        return switch (decision.transaction()) {
            case null -> log.append(MemoryRecords.withRecords(Compression.NONE, records));
            case Decision.Producer(long id, short epoch) ->
                log.append(MemoryRecords.withTransactionalRecords(Compression.NONE, id, epoch, NO_SEQUENCES, records));
            case Decision.End(TransactionMarker marker) -> log.append(marker);
        };
    }

    private void replay(Decision decision, long lastOffset) {
        if (decision.transaction() instanceof Decision.End(TransactionMarker marker)) {
            state.replayEnd(marker.producerId(), marker.committed());
        }
        long offset = lastOffset - decision.records().size();
        for (CoordinatorRecord each : decision.records()) {
            offset++;
            ByteBuffer key = each.key().duplicate();
            ByteBuffer value = each.value() == null ? null : each.value().duplicate();
            if (decision.transaction() instanceof Decision.Producer producer) {
                state.replayTransactional(offset, producer.id(), key, value);
            } else {
                state.replay(offset, key, value);
            }
        }
    }

    /** The outcome follows when everything is committed that the log holds now. */
    private void await(Outcome outcome) {
        Promise<Errors> committed = log.committed(log.endOffset() - 1);
        Wait wait = new Wait(outcome);
        if (!committed.isDone()) {
            wait.timeout = timers.at(timers.now() + limits.commitTimeoutMs(), wait::timedOut);
        }
        committed.whenDone(wait::logSays);
    }

    /** A decision whose records are not committed yet. */
    private final class Wait {
        private final Outcome outcome;
        private Timers.@Nullable Timer timeout;
        private boolean over;

        Wait(Outcome outcome) {
            this.outcome = outcome;
        }

        void timedOut() {
            over = true;
            execute(outcome.failed(timers.now(), Errors.COORDINATOR_NOT_AVAILABLE));
        }

        void logSays(Errors error) {
            if (timeout != null) {
                timeout.cancel();
            }
            boolean told = over;
            over = true;
            if (error == Errors.NONE) {
                if (!told) {
                    execute(outcome.committed(timers.now()));
                }
                return;
            }
            lost();
            if (!told) {
                outcome.failed(timers.now(), clientError(error));
            }
        }
    }

    /** What the state holds may not be in the log for good: all of it is read again. */
    private void lost() {
        if (status != Status.ACTIVE) {
            return;
        }
        drop(Status.LOADING, Errors.NOT_COORDINATOR);
        deadlines = new Deadlines(timers, this::execute);
        state = factory.apply(deadlines);
        timers.at(timers.now() + 1, () -> {
            loadOffset = log.startOffset();
            load();
        });
    }

    private static byte @Nullable [] array(@Nullable ByteBuffer value) {
        return value == null ? null : Utils.toArray(value);
    }

    /** What a client of a coordinator is told when the log says {@code error}. */
    private static Errors clientError(Errors error) {
        return switch (error) {
            case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
                Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, FENCED_LEADER_EPOCH, UNKNOWN_TOPIC_OR_PARTITION ->
                Errors.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> Errors.RECORD_LIST_TOO_LARGE;
            case INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED -> error;
            default -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }
}
