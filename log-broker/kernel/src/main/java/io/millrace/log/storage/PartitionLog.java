package io.millrace.log.storage;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.EpochEndOffset;
import io.millrace.log.types.TimestampOffset;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition: appended at the end, deleted from the front, found by offset or time.
 *
 * <p><b>Files</b>, all in the partition's directory, in Kafka's formats where Kafka has them: {@code
 * 00000000000000000000.log} (batches as they were sent, named after the first offset), {@code .index}, {@code
 * .timeindex} and, if a transaction was aborted in it, {@code .txnindex} beside it, {@code .snapshot} (producers as of
 * that offset), {@code leader-epoch-checkpoint}; and of our own {@code log-checkpoint} (log start, and a point from
 * which recovery scans), {@code durable-offsets} and {@code cleaner-checkpoint} (how far compaction came).
 *
 * <p><b>Life.</b>
 *
 * <ol>
 *   <li>{@link #open} finds the end of the log. After a crash it scans what may be torn, and cuts off what is.
 *   <li>{@link #append} writes, and does not sync. The owner asks {@link #pendingSync()} which files one group commit
 *       has to cover, has them synced, and reports {@link #synced} or {@link #syncFailed}. Only records below {@link
 *       #durableEndOffset()} may be acknowledged as durable.
 *   <li>After a failed write or sync the log is in a failed state for good: appends are rejected with
 *       KAFKA_STORAGE_ERROR, reads go on. Only a full disk is no failure: the append is rejected, a later one may
 *       succeed.
 *   <li>{@link #close} leaves a checkpoint, so that the next {@link #open} scans nothing. No sync may be under way.
 * </ol>
 *
 * <p><b>Threads.</b> Owned by one loop. {@link #open}, {@link #close}, {@link #deleteRecordsBefore} and {@link
 * #enforceRetention} sync small files of their own, and so may block for some milliseconds.
 *
 * <p><b>Errors.</b> Append answers with values. All other methods throw {@link DiskFailure}, which names file and
 * position; damage in the middle of records that a sync had covered is one: it is never cut off or skipped.
 */
public final class PartitionLog {

    private final LogState log;
    private final LogWriter writer;
    private final LogReader reader;
    private final LogRetention retention;
    private final LogCleaner cleaner;
    private final Recovery recovery;

    private PartitionLog(LogState log, Recovery recovery) {
        this.log = log;
        this.writer = new LogWriter(log);
        this.reader = new LogReader(log);
        this.retention = new LogRetention(log);
        this.cleaner = new LogCleaner(log);
        this.recovery = recovery;
    }

    /**
     * Opens a log, or creates it if the directory does not exist.
     *
     * @param open of the loop that owns the log
     * @param directory path of the partition's directory on {@code disk}
     * @throws DiskFailure if a file cannot be read, or if records that were durable are damaged and others stand behind
     *     them
     */
    public static PartitionLog open(Disk disk, OpenSegments open, String directory, LogConfig config, long nowMillis) {
        LogDirectory files = new LogDirectory(disk, directory);
        RecoveredLog found = new LogRecovery(files, config.segment().indexIntervalBytes(), nowMillis).run();
        LogState state = new LogState(files, open, config, found);
        try {
            state.deleteStraySnapshots();
        } catch (DiskFailure e) {
            state.close();
            throw e;
        }
        return new PartitionLog(state, found.report());
    }

    /** What {@link #open} had to do. */
    public Recovery recovery() {
        return recovery;
    }

    /** Settings for all later calls. Segments that exist stay as they are. */
    public void reconfigure(LogConfig changed) {
        log.config(changed);
    }

    /**
     * Checks the batches and appends them at the end of the log. Offsets, leader epoch and, for topics of log append
     * time, timestamps are written into {@code records} itself.
     *
     * @param records one or more whole batches between position and limit; the position moves to the limit if they were
     *     appended. A payload of an idempotent producer is one batch
     * @param leaderEpoch of this broker's leadership; never smaller than before
     */
    public AppendOutcome append(ByteBuffer records, int leaderEpoch, long nowMillis) {
        return writer.append(records, true, leaderEpoch, nowMillis);
    }

    /**
     * As {@link #append}, for a batch that a coordinator writes in the name of a producer: the producer does not count
     * it, so that its sequence number is of no meaning.
     */
    public AppendOutcome appendUncounted(ByteBuffer records, int leaderEpoch, long nowMillis) {
        return writer.append(records, false, leaderEpoch, nowMillis);
    }

    /**
     * Ends a producer's transaction, by appending a marker.
     *
     * @param leaderEpoch as in {@link #append}
     */
    public AppendOutcome endTransaction(TransactionMarker marker, int leaderEpoch, long nowMillis) {
        return writer.endTransaction(marker, leaderEpoch, nowMillis);
    }

    /**
     * Finds whole stored batches from {@code offset} on, of one segment.
     *
     * @param maxBytes the batches together are no larger
     * @param belowOffset only batches that end below it: the high watermark, last stable offset or log end
     * @param atLeastOneBatch the first batch is given even if it is larger than {@code maxBytes}
     */
    public ReadOutcome read(long offset, int maxBytes, long belowOffset, boolean atLeastOneBatch) {
        return reader.read(offset, maxBytes, belowOffset, atLeastOneBatch);
    }

    /**
     * Every transaction below it has ended, and its end can no longer be lost (KIP-98). It lies between log start and
     * high watermark, and never goes back if the high watermark does not.
     */
    public long lastStableOffset(long highWatermark) {
        long unstable = Math.max(log.producers().unstable().first(), log.logStartOffset());
        return Math.min(highWatermark, unstable);
    }

    /** Records below the high watermark can no longer be lost. */
    public void committedBelow(long highWatermark) {
        log.producers().unstable().committedBelow(highWatermark);
    }

    /**
     * The aborted transactions of which batches or the marker may lie in a range, in the order of their markers.
     *
     * @param from the first offset
     * @param below the offset after the last, at most the last stable offset
     */
    public List<AbortedTransaction> abortedTransactions(long from, long below) {
        return reader.abortedTransactions(from, below);
    }

    /** Whether a producer, under this epoch, has a transaction open in this log. */
    public boolean hasTransaction(long producerId, short epoch) {
        return log.producers().hasTransaction(producerId, epoch);
    }

    /**
     * Takes note of a batch that was refused before {@link #append}, and that its producer will send again: a later one
     * of a producer that is not known is not taken before it.
     *
     * @param records as for {@link #append}, not changed
     */
    public void refusedForNow(ByteBuffer records, long nowMillis) {
        log.producers().refusedForNow(records, records.position(), nowMillis);
    }

    /** The producers that this log remembers. */
    public List<ActiveProducer> producers() {
        return log.producers().entries().stream().map(ProducerEntry::shown).toList();
    }

    /** The first offset that can be read. */
    public long logStartOffset() {
        return log.logStartOffset();
    }

    /** The offset of the next record to be appended. */
    public long logEndOffset() {
        return log.logEndOffset();
    }

    /** Every record below it survives a power cut. Never above {@link #logEndOffset()}. */
    public long durableEndOffset() {
        return log.durability().endOffset();
    }

    /** Stored bytes of all segments. */
    public long size() {
        return log.size();
    }

    /** Whether a write or sync has failed, so that nothing can be appended any more. */
    public boolean isFailed() {
        return failure() != null;
    }

    /** The first write or sync that failed; null while the log takes records. */
    public @Nullable DiskFailure failure() {
        return log.durability().failure();
    }

    /**
     * What must be synced so that everything appended so far is durable. Only one {@link PendingSync} of a log may be
     * under way at a time: until it is {@link #synced}, its files stay open, whatever is deleted.
     */
    public PendingSync pendingSync() {
        return log.durability().pending(log.active());
    }

    /** What must be synced so that all segments but the active one are durable, for {@code log.flush=os}. */
    public PendingSync pendingSyncOfRolledSegments() {
        return log.durability().pendingOfSealed(log.active());
    }

    /** All files of {@code done} were synced. */
    public void synced(PendingSync done) {
        log.synced(done);
    }

    /** A file of a {@link PendingSync} could not be synced: from now on the log is in the failed state. */
    public void syncFailed(DiskFailure cause) {
        log.durability().fail(cause);
    }

    /** The first record, in offset order, whose timestamp is at least {@code timestamp}; null if there is none. */
    public @Nullable TimestampOffset offsetForTimestamp(long timestamp) {
        return new TimeSearch(log).firstAtOrAfter(timestamp);
    }

    /** The record with the largest timestamp, the first of them if several have it; null if the log is empty. */
    public @Nullable TimestampOffset maxTimestamp() {
        return new TimeSearch(log).latest();
    }

    /** The leader epoch of the record at {@code offset}, or -1 if none is known. */
    public int leaderEpochAt(long offset) {
        return log.epochs().epochAt(offset);
    }

    /** The epoch of the newest leader known to this log, or -1. */
    public int latestLeaderEpoch() {
        return log.epochs().latest();
    }

    /** Records that this broker leads the partition from here on; does nothing if the epoch is known. */
    public void beginLeaderEpoch(int epoch) {
        log.epochs().assign(epoch, log.logEndOffset());
    }

    /** Where the records of {@code epoch} end (KIP-101, KIP-279). */
    public EpochEndOffset endOffsetForEpoch(int epoch) {
        return log.epochs().endOffset(epoch, log.logEndOffset());
    }

    /**
     * Moves the log start up to {@code offset}, and deletes segments that lie below it. Does nothing if it lies there
     * already.
     *
     * @param offset at most {@link #logEndOffset()}
     */
    public void deleteRecordsBefore(long offset) {
        retention.deleteRecordsBefore(offset);
    }

    /**
     * Deletes the oldest segments as far as the retention settings say, and forgets idle producers. Segments that are
     * not durable yet stay.
     *
     * @return the number of segments deleted
     */
    public int enforceRetention(long nowMillis) {
        return retention.enforce(nowMillis);
    }

    /**
     * Share of the bytes that compaction would take in which were never cleaned; 0 if there is nothing to clean, or it
     * is not due yet ({@link CompactionConfig}).
     */
    public double dirtyRatio(long nowMillis) {
        return cleaner.dirtyRatio(nowMillis);
    }

    /**
     * Does a small piece of the work of compaction, and begins a pass if one is due. Sealed segments are written anew
     * without the records that a newer one of the same key supersedes, small neighbours into one; offsets stay. Readers
     * find each segment as it was, or as it will be. It never touches the active segment, nor one that is not durable.
     *
     * @return whether a pass is under way, so that there is more to do
     * @throws DiskFailure which also ends the pass; what was not put in place is deleted. Only a full disk, which is
     *     not reported, lets a later pass try again
     */
    public boolean compact(long nowMillis) {
        return cleaner.step(nowMillis);
    }

    /** Writes indexes and a checkpoint, syncs everything and closes the files. */
    public void close() {
        try {
            cleaner.abandon();
            if (!isFailed()) {
                log.syncNow();
                log.checkpointEnd();
            }
        } finally {
            log.close();
        }
    }
}
