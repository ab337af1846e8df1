package io.millrace.log.coordinator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link ReplicatedState} on the one partition that stores it, for as long as this broker leads that partition.
 *
 * <p>Life cycle: LOADING, in which each {@link #step} replays one slice of the log; ACTIVE, in which events are decided;
 * CLOSED, when leadership is gone; FAILED, when the log holds a record that cannot be understood. A CLOSED or FAILED
 * shard answers no more and is dropped; gaining leadership again makes a new one.
 *
 * <p>In ACTIVE, a decision's records are appended, then replayed into the state at once, and the decision's outcome waits
 * until the high watermark has passed them. An append that is refused has changed nothing. An append that is lost later
 * ({@link #appendLost}) takes the whole state with it, and what the log still holds is loaded again: the state is never
 * anything but what the log says.
 *
 * <p>A decision waits no longer than {@code commitTimeoutMs}: then its outcome fails with COORDINATOR_NOT_AVAILABLE,
 * though its records stay and may still be committed, as with any request that times out.
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

    private record Waiting(long endOffset, long deadlineMs, Outcome outcome) {}

    private final CoordinatorLog log;
    private final Function<Timers, S> factory;
    private final ReplicatedShardConfig config;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private Timers timers;
    private S state;
    private Status status = Status.LOADING;
    private @Nullable String failure;
    private long loadOffset;
    private long endOffset;
    private long highWatermark;
    private long recordsPassedOver;
    private boolean completing;

    /** @param factory makes an empty state that sets its deadlines on the given timers */
    public ReplicatedShard(CoordinatorLog log, ReplicatedShardConfig config, Function<Timers, S> factory) {
        this.log = log;
        this.config = config;
        this.factory = factory;
        this.timers = new Timers();
        this.state = factory.apply(timers);
        this.loadOffset = log.startOffset();
        this.highWatermark = log.highWatermark();
    }

    public Status status() {
        return status;
    }

    /** Why the shard is FAILED, for the operator; null otherwise. */
    public @Nullable String failure() {
        return failure;
    }

    /** How many records of unknown kinds, written by a later version, loading has passed over. */
    public long recordsPassedOver() {
        return recordsPassedOver;
    }

    /** How many decisions wait for their records to be committed. */
    public int waiting() {
        return waiting.size();
    }

    /** When {@link #step} has to be called at the latest; 0 while loading, {@link Long#MAX_VALUE} when there is no need. */
    public long nextDeadlineMs() {
        return switch (status) {
            case LOADING -> 0;
            case ACTIVE ->
                Math.min(
                        timers.nextDeadlineMs(),
                        waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().deadlineMs());
            case CLOSED, FAILED -> Long.MAX_VALUE;
        };
    }

    /** Reads on while loading; later, fires the deadlines that have passed. */
    public void step(long nowMs) {
        switch (status) {
            case LOADING -> load(nowMs);
            case ACTIVE -> expire(nowMs);
            case CLOSED, FAILED -> {}
        }
    }

    /**
     * Lets the state decide on an event.
     *
     * @param refused told the error if the state is not there to decide: COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR
     *     or, when the shard has failed, COORDINATOR_NOT_AVAILABLE
     */
    public void submit(long nowMs, Function<S, Decision> event, Consumer<Errors> refused) {
        switch (status) {
            case LOADING -> refused.accept(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            case CLOSED -> refused.accept(Errors.NOT_COORDINATOR);
            case FAILED -> refused.accept(Errors.COORDINATOR_NOT_AVAILABLE);
            case ACTIVE -> execute(nowMs, event.apply(state));
        }
    }

    /** Everything below {@code offset} is committed. */
    public void highWatermark(long nowMs, long offset) {
        highWatermark = Math.max(highWatermark, offset);
        if (status == Status.ACTIVE) {
            completeCommitted(nowMs);
        }
    }

    /** Records that were appended are lost, though this broker still leads: all that is not committed begins anew. */
    public void appendLost(long nowMs) {
        if (status != Status.ACTIVE) {
            return;
        }
        failWaiting(nowMs, Errors.COORDINATOR_NOT_AVAILABLE);
        state.unloaded(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        timers = new Timers();
        state = factory.apply(timers);
        loadOffset = log.startOffset();
        status = Status.LOADING;
    }

    /** Leadership is gone. Everyone who waits is told NOT_COORDINATOR, and finds the new one. */
    public void close(long nowMs) {
        if (status == Status.ACTIVE) {
            failWaiting(nowMs, Errors.NOT_COORDINATOR);
            state.unloaded(Errors.NOT_COORDINATOR);
        }
        status = Status.CLOSED;
    }

    private void failWaiting(long nowMs, Errors error) {
        status = Status.CLOSED;
        List<Waiting> lost = new ArrayList<>(waiting);
        waiting.clear();
        lost.forEach(each -> each.outcome().failed(nowMs, error));
    }

    private void load(long nowMs) {
        MemoryRecords slice = log.read(loadOffset, config.loadBytesMax());
        boolean atEnd = true;
        try {
            for (RecordBatch batch : slice.batches()) {
                replay(batch);
                loadOffset = batch.nextOffset();
                atEnd = false;
            }
        } catch (SchemaException damaged) {
            status = Status.FAILED;
            failure = "a batch at or after offset " + loadOffset + " holds a record that cannot be read: "
                    + damaged.getMessage();
            return;
        }
        if (atEnd) {
            activate(nowMs);
        }
    }

    private void replay(RecordBatch batch) {
        if (batch.isControlBatch()) {
            return;
        }
        for (Record record : batch) {
            if (record.offset() >= loadOffset && !state.replay(record.key(), record.value())) {
                recordsPassedOver++;
            }
        }
    }

    private void activate(long nowMs) {
        status = Status.ACTIVE;
        endOffset = log.endOffset();
        highWatermark = log.highWatermark();
        state.loaded(nowMs).forEach(decision -> execute(nowMs, decision));
    }

    private void expire(long nowMs) {
        Timers.Task due = timers.takeDue(nowMs);
        while (due != null) {
            execute(nowMs, due.fire(nowMs));
            due = timers.takeDue(nowMs);
        }
        while (!waiting.isEmpty() && waiting.getFirst().deadlineMs() <= nowMs) {
            execute(nowMs, waiting.removeFirst().outcome().failed(nowMs, Errors.COORDINATOR_NOT_AVAILABLE));
        }
    }

    private void execute(long nowMs, Decision decision) {
        if (decision == Decision.NOTHING || status != Status.ACTIVE) {
            return;
        }
        if (!decision.records().isEmpty()) {
            switch (log.append(batch(nowMs, decision.records()))) {
                case CoordinatorLog.Append.Refused refused -> {
                    execute(nowMs, decision.outcome().failed(nowMs, clientError(refused.error())));
                    return;
                }
                case CoordinatorLog.Append.Appended appended -> endOffset = appended.endOffset();
            }
            decision.records().forEach(each -> state.replay(duplicate(each.key()), duplicate(each.value())));
        }
        waiting.addLast(new Waiting(endOffset, nowMs + config.commitTimeoutMs(), decision.outcome()));
        completeCommitted(nowMs);
    }

    private void completeCommitted(long nowMs) {
        if (completing) {
            return;
        }
        completing = true;
        try {
            while (!waiting.isEmpty() && waiting.getFirst().endOffset() <= highWatermark) {
                execute(nowMs, waiting.removeFirst().outcome().committed(nowMs));
            }
        } finally {
            completing = false;
        }
    }

    private static MemoryRecords batch(long nowMs, List<CoordinatorRecord> records) {
        return MemoryRecords.withRecords(
                Compression.NONE,
                records.stream()
                        .map(each -> new SimpleRecord(nowMs, Utils.toArray(each.key()), array(each.value())))
                        .toArray(SimpleRecord[]::new));
    }

    private static byte @Nullable [] array(@Nullable ByteBuffer value) {
        return value == null ? null : Utils.toArray(value);
    }

    private static @Nullable ByteBuffer duplicate(@Nullable ByteBuffer value) {
        return value == null ? null : value.duplicate();
    }

    /** What a client of a coordinator is told when the log says {@code error}; others retry on it as KIP-848 lists. */
    private static Errors clientError(Errors error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT -> Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, FENCED_LEADER_EPOCH -> Errors.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> Errors.RECORD_LIST_TOO_LARGE;
            default -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }
}
