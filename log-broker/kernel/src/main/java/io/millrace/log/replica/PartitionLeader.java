package io.millrace.log.replica;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.metadata.LogFlush;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicConfigs;
import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.PartitionLog;
import io.millrace.log.storage.PendingSync;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this broker leads.
 *
 * <p><b>High watermark.</b> The offset below which records are committed: consumers see no further, and a write with
 * acks=all is answered when it is passed. Alone in the in-sync set, the leader commits what is durable under {@code
 * log.flush=group-commit}, and what is appended under {@code log.flush=os}. It never goes back.
 *
 * <p><b>Life.</b> Open; then <i>stopped</i> for writes once a write or sync failed (reads go on, every waiting write is
 * answered KAFKA_STORAGE_ERROR); then closed, when the topic is deleted or the broker stops.
 *
 * <p><b>Threads.</b> Owned by one shard.
 */
public final class PartitionLeader {

    /** A write that waits for the high watermark to pass {@code lastOffset}. */
    private record Waiting(long lastOffset, Promise<Errors> answer) {}

    private final TopicIdPartition name;
    private final PartitionLog log;
    private final GroupCommit groupCommit;
    private final ReplicaEffects effects;
    private final Deque<Waiting> writes = new ArrayDeque<>();
    private final Set<FetchWait> fetches = new LinkedHashSet<>();
    private final ProducerGate gate;
    private TopicConfigs configs;
    private PartitionState state;
    private long highWatermark;
    private @Nullable DiskFailure reported;
    private @Nullable Errors closed;

    PartitionLeader(
            TopicIdPartition name,
            PartitionLog log,
            TopicConfigs configs,
            PartitionState state,
            GroupCommit groupCommit,
            ReplicaEffects effects) {
        this.name = name;
        this.log = log;
        this.configs = configs;
        this.state = state;
        this.groupCommit = groupCommit;
        this.effects = effects;
        this.gate = new ProducerGate(log);
        log.beginLeaderEpoch(state.leaderEpoch());
        highWatermark = committedEnd();
        log.committedBelow(highWatermark);
        groupCommit.appended(this);
    }

    public TopicIdPartition name() {
        return name;
    }

    public PartitionId id() {
        return new PartitionId(name.topicId(), name.partition());
    }

    public int leaderEpoch() {
        return state.leaderEpoch();
    }

    public TopicConfigs configs() {
        return configs;
    }

    public long highWatermark() {
        return highWatermark;
    }

    /** The offset below which every transaction has ended, for good (KIP-98). */
    public long lastStableOffset() {
        return log.lastStableOffset(highWatermark);
    }

    /** The offset below which readers see records. */
    public long visibleEnd(IsolationLevel isolation) {
        return isolation == IsolationLevel.READ_COMMITTED ? lastStableOffset() : highWatermark;
    }

    public long logStartOffset() {
        return log.logStartOffset();
    }

    public long logEndOffset() {
        return log.logEndOffset();
    }

    /** The log, for look-ups. Appends and syncs go through this class only. */
    public PartitionLog log() {
        return log;
    }

    /**
     * Waits for a producer's turn: to be called before {@link #append} of what clients send. Transactional batches of a
     * producer that has no transaction open here wait for the word of its coordinator, and whatever the producer sends
     * later waits behind them.
     *
     * @param records as for {@link #append}; not looked at beyond the first header
     * @param verify asks the coordinator
     * @return NONE if the batch may be appended, which must be done within the call that completes it; else what
     *     {@code verify} gave
     */
    public Promise<Errors> admit(ByteBuffer records, Supplier<Promise<Errors>> verify) {
        int at = records.position();
        if (!BatchHeader.isPresent(records, at) || BatchHeader.producerId(records, at) < 0) {
            return Promise.of(Errors.NONE);
        }
        return admit(
                BatchHeader.producerId(records, at),
                BatchHeader.producerEpoch(records, at),
                BatchHeader.isTransactional(records, at),
                verify);
    }

    /** As the other one, for a batch that is yet to be made of what the producer has sent. */
    public Promise<Errors> admit(
            long producerId, short epoch, boolean transactional, Supplier<Promise<Errors>> verify) {
        return gate.enter(producerId, epoch, transactional, verify);
    }

    /** Takes note of a batch that was not admitted, and that its producer will send again. */
    public void refusedForNow(ByteBuffer records, long nowMillis) {
        log.refusedForNow(records, nowMillis);
    }

    /**
     * Appends one or more batches at the end of the log; {@link #committed} tells when they count.
     *
     * @param records offsets and epoch are written into it; its content is free once the call returns
     * @param allInSync whether the write asks for acks=all, and so for {@code min.insync.replicas}
     */
    public AppendOutcome append(ByteBuffer records, boolean allInSync, long nowMillis) {
        AppendOutcome.Rejected refusal = refusal(allInSync);
        return refusal != null ? refusal : appended(log.append(records, state.leaderEpoch(), nowMillis));
    }

    /** As {@link #append} with acks=all, for a batch that a coordinator writes, in its own name or a producer's. */
    public AppendOutcome appendUncounted(ByteBuffer records, long nowMillis) {
        AppendOutcome.Rejected refusal = refusal(true);
        return refusal != null ? refusal : appended(log.appendUncounted(records, state.leaderEpoch(), nowMillis));
    }

    /**
     * Ends a producer's transaction in this partition by appending its marker, which asks for acks=all. A marker that
     * stands there already is a duplicate; {@link #committed} tells when it counts.
     */
    public AppendOutcome endTransaction(TransactionMarker marker, long nowMillis) {
        AppendOutcome.Rejected refusal = refusal(true);
        if (refusal != null) {
            return refusal;
        }
        gate.ended(marker.producerId());
        return appended(log.endTransaction(marker, state.leaderEpoch(), nowMillis));
    }

    private AppendOutcome.@Nullable Rejected refusal(boolean allInSync) {
        if (closed != null) {
            return new AppendOutcome.Rejected(closed, "partition " + name + " is closed");
        }
        if (allInSync && state.isr().size() < minInSync()) {
            return new AppendOutcome.Rejected(
                    Errors.NOT_ENOUGH_REPLICAS,
                    state.isr().size() + " replicas in sync, fewer than min.insync.replicas");
        }
        return null;
    }

    /** No more can be asked for than there are. */
    private long minInSync() {
        return Math.min(
                configs.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                state.replicas().size());
    }

    private AppendOutcome appended(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended) {
            groupCommit.appended(this);
            advance();
        } else {
            stop();
        }
        return outcome;
    }

    /**
     * Completes with NONE when the high watermark has passed {@code lastOffset}, or with the error because of which
     * that will not happen.
     */
    public Promise<Errors> committed(long lastOffset) {
        if (lastOffset < highWatermark) {
            return Promise.of(Errors.NONE);
        }
        if (closed != null || log.isFailed()) {
            return Promise.of(closed != null ? closed : Errors.KAFKA_STORAGE_ERROR);
        }
        Promise<Errors> answer = new Promise<>();
        writes.add(new Waiting(lastOffset, answer));
        return answer;
    }

    /**
     * Committed batches from {@code offset} on, up to {@link #visibleEnd}.
     *
     * @param atLeastOneBatch the first batch is given even if it is larger than {@code maxBytes}
     * @throws DiskFailure see {@link #reading}
     */
    public ReadOutcome read(long offset, int maxBytes, boolean atLeastOneBatch, IsolationLevel isolation) {
        return log.read(offset, maxBytes, visibleEnd(isolation), atLeastOneBatch);
    }

    /** As {@link #read}, with records that are not committed yet: for replaying what this broker itself wrote. */
    public ReadOutcome readToEnd(long offset, int maxBytes) {
        return log.read(offset, maxBytes, log.logEndOffset(), true);
    }

    /** Runs a look-up in the log; a failing disk is reported, and answered with the error it means to a client. */
    public <R> R reading(Supplier<R> lookUp, Function<Errors, R> failed) {
        if (closed != null) {
            return failed.apply(closed);
        }
        try {
            return lookUp.get();
        } catch (DiskFailure e) {
            report(e);
            return failed.apply(Errors.KAFKA_STORAGE_ERROR);
        }
    }

    /** Deletes records below {@code offset}, which is at most the high watermark, once no sync is under way. */
    public Promise<Errors> deleteRecordsBefore(long offset) {
        Promise<Errors> done = new Promise<>();
        groupCommit.whenIdle(
                this,
                () -> done.complete(reading(
                        () -> {
                            log.deleteRecordsBefore(offset);
                            return Errors.NONE;
                        },
                        error -> error)));
        return done;
    }

    void configure(TopicConfigs changed, LogConfig ofLog, PartitionState newState) {
        configs = changed;
        state = newState;
        log.reconfigure(ofLog);
        log.beginLeaderEpoch(newState.leaderEpoch());
        groupCommit.appended(this);
        advance();
    }

    /** Wakes {@code wait} when what it may see grows, or the partition closes. */
    void park(FetchWait wait) {
        fetches.add(wait);
    }

    void unpark(FetchWait wait) {
        fetches.remove(wait);
    }

    boolean isClosed() {
        return closed != null;
    }

    PendingSync pendingSync() {
        return configs.logFlush() == LogFlush.GROUP_COMMIT ? log.pendingSync() : log.pendingSyncOfRolledSegments();
    }

    void synced(PendingSync done) {
        log.synced(done);
        advance();
        stop();
    }

    void syncFailed(DiskFailure cause) {
        log.syncFailed(cause);
        stop();
    }

    void enforceRetention(long nowMillis) {
        reading(() -> log.enforceRetention(nowMillis), error -> 0);
    }

    double dirtyRatio(long nowMillis) {
        return reading(() -> log.dirtyRatio(nowMillis), error -> 0.0);
    }

    /** A small piece of compaction; false if there is nothing more to do. */
    boolean compact(long nowMillis) {
        boolean more = reading(() -> log.compact(nowMillis), error -> false);
        stop();
        return more;
    }

    /** Ends every wait with {@code error}. The log stays open until no sync is under way. */
    void close(Errors error) {
        closed = error;
        failWrites(error);
        wakeFetches(true);
    }

    private long committedEnd() {
        return configs.logFlush() == LogFlush.GROUP_COMMIT ? log.durableEndOffset() : log.logEndOffset();
    }

    private void advance() {
        long end = committedEnd();
        if (end <= highWatermark) {
            return;
        }
        long stableBefore = lastStableOffset();
        highWatermark = end;
        log.committedBelow(end);
        while (!writes.isEmpty() && writes.peek().lastOffset() < end) {
            writes.remove().answer().complete(Errors.NONE);
        }
        wakeFetches(lastStableOffset() > stableBefore);
    }

    /** Does nothing while the log takes records. */
    private void stop() {
        DiskFailure cause = log.failure();
        if (cause != null) {
            report(cause);
            failWrites(Errors.KAFKA_STORAGE_ERROR);
        }
    }

    /** Clients ask again and again: the same failure is told once. */
    private void report(DiskFailure cause) {
        DiskFailure last = reported;
        if (last == null || !Objects.equals(last.getMessage(), cause.getMessage())) {
            reported = cause;
            effects.partitionStopped(name, cause);
        }
    }

    private void failWrites(Errors error) {
        while (!writes.isEmpty()) {
            writes.remove().answer().complete(error);
        }
    }

    /** Those that read committed transactions only have no more to see before the last stable offset moves. */
    private void wakeFetches(boolean stableMoved) {
        for (FetchWait wait : fetches.isEmpty() ? List.<FetchWait>of() : List.copyOf(fetches)) {
            if (stableMoved || wait.isolation() == IsolationLevel.READ_UNCOMMITTED) {
                wait.wake();
            }
        }
    }
}
