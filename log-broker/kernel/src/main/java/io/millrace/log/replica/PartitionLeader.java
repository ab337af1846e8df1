package io.millrace.log.replica;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.metadata.LogFlush;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicConfigs;
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
        log.beginLeaderEpoch(state.leaderEpoch());
        highWatermark = committedEnd();
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
     * Appends one or more batches at the end of the log; {@link #committed} tells when they count.
     *
     * @param records offsets and epoch are written into it; its content is free once the call returns
     * @param allInSync whether the write asks for acks=all, and so for {@code min.insync.replicas}
     */
    public AppendOutcome append(ByteBuffer records, boolean allInSync, long nowMillis) {
        AppendOutcome.Rejected refusal = refusal(allInSync);
        return refusal != null ? refusal : appended(log.append(records, state.leaderEpoch(), nowMillis));
    }

    /**
     * Ends a producer's transaction in this partition by appending its marker, which asks for acks=all. A marker that
     * stands there already is a duplicate; {@link #committed} tells when it counts.
     */
    public AppendOutcome endTransaction(TransactionMarker marker, long nowMillis) {
        AppendOutcome.Rejected refusal = refusal(true);
        return refusal != null ? refusal : appended(log.endTransaction(marker, state.leaderEpoch(), nowMillis));
    }

    private AppendOutcome.@Nullable Rejected refusal(boolean allInSync) {
        if (closed != null) {
            return new AppendOutcome.Rejected(closed, "partition " + name + " is closed");
        }
        if (allInSync && state.isr().size() < configs.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)) {
            return new AppendOutcome.Rejected(
                    Errors.NOT_ENOUGH_REPLICAS,
                    state.isr().size() + " replicas in sync, fewer than min.insync.replicas");
        }
        return null;
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
     * Committed batches from {@code offset} on.
     *
     * @param atLeastOneBatch the first batch is given even if it is larger than {@code maxBytes}
     * @throws DiskFailure see {@link #reading}
     */
    public ReadOutcome read(long offset, int maxBytes, boolean atLeastOneBatch) {
        return log.read(offset, maxBytes, highWatermark, atLeastOneBatch);
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

    /** Wakes {@code wait} when the high watermark moves, or the partition closes. */
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
        wakeFetches();
    }

    private long committedEnd() {
        return configs.logFlush() == LogFlush.GROUP_COMMIT ? log.durableEndOffset() : log.logEndOffset();
    }

    private void advance() {
        long end = committedEnd();
        if (end <= highWatermark) {
            return;
        }
        highWatermark = end;
        while (!writes.isEmpty() && writes.peek().lastOffset() < end) {
            writes.remove().answer().complete(Errors.NONE);
        }
        wakeFetches();
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

    private void wakeFetches() {
        if (!fetches.isEmpty()) {
            List.copyOf(fetches).forEach(FetchWait::wake);
        }
    }
}
