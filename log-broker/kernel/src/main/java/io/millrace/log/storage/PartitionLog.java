package io.millrace.log.storage;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.types.EpochEndOffset;
import io.millrace.log.types.TimestampOffset;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition: appended at the end, deleted from the front, found by offset or time.
 *
 * <p><b>Files</b>, all in the partition's directory, in Kafka's formats where Kafka has them: {@code
 * 00000000000000000000.log} (batches as they were sent, named after the first offset), {@code .index} and {@code
 * .timeindex} beside it, {@code .snapshot} (idempotent producers as of that offset), {@code leader-epoch-checkpoint}; and
 * of our own {@code log-checkpoint} (log start, and a point from which recovery scans) and {@code durable-offsets}.
 *
 * <p><b>Life.</b>
 *
 * <ol>
 *   <li>{@link #open} finds the end of the log. After a crash it scans what may be torn, and cuts off what is.
 *   <li>{@link #append} writes, and does not sync. The owner asks {@link #pendingSync()} which files one group commit
 *       has to cover, has them synced, and reports {@link #synced} or {@link #syncFailed}. Only records below {@link
 *       #durableEndOffset()} may be acknowledged as durable.
 *   <li>After a failed write or sync the log is in a failed state for good: appends are rejected with
 *       KAFKA_STORAGE_ERROR, reads go on. Only a full disk is no failure: the append is rejected, a later one may succeed.
 *   <li>{@link #close} leaves a checkpoint, so that the next {@link #open} scans nothing. No sync may be under way.
 * </ol>
 *
 * <p><b>Threads.</b> Owned by one loop. {@link #open}, {@link #close}, {@link #deleteRecordsBefore} and {@link
 * #enforceRetention} sync small files of their own, and so may block for some milliseconds.
 *
 * <p><b>Errors.</b> Append answers with values. All other methods throw {@link DiskFailure}, which names file and
 * position; a flaw in records that a sync had covered is one: it is never cut off or skipped.
 */
public abstract class PartitionLog {

    PartitionLog() {}

    /**
     * Opens a log, or creates it if the directory does not exist.
     *
     * @param directory path of the partition's directory on {@code disk}
     * @throws DiskFailure if a file cannot be read, or if records that were durable are damaged or missing
     */
    public static PartitionLog open(Disk disk, String directory, LogConfig config, long nowMillis) {
        String from = directory + disk.list(directory);
        throw new UnsupportedOperationException("open " + from);
    }

    /** What {@link #open} had to do. */
    public abstract Recovery recovery();

    /** Settings for all later calls. Segments that exist stay as they are. */
    public abstract void reconfigure(LogConfig changed);

    /**
     * Checks the batches and appends them at the end of the log. Offsets, leader epoch and, for topics of log append
     * time, timestamps are written into {@code records} itself.
     *
     * @param records one or more whole batches between position and limit; the position moves to the limit if they were
     *     appended. A payload of an idempotent producer is one batch
     * @param leaderEpoch of this broker's leadership; never smaller than before
     */
    public abstract AppendOutcome append(ByteBuffer records, int leaderEpoch, long nowMillis);

    /**
     * Finds whole stored batches from {@code offset} on, of one segment.
     *
     * @param maxBytes the batches together are no larger
     * @param belowOffset only batches that end below it: the high watermark, last stable offset or log end
     * @param atLeastOneBatch the first batch is given even if it is larger than {@code maxBytes}
     */
    public abstract ReadOutcome read(long offset, int maxBytes, long belowOffset, boolean atLeastOneBatch);

    /** The first offset that can be read. */
    public abstract long logStartOffset();

    /** The offset of the next record to be appended. */
    public abstract long logEndOffset();

    /** Every record below it survives a power cut. Never above {@link #logEndOffset()}. */
    public abstract long durableEndOffset();

    /** Stored bytes of all segments. */
    public abstract long size();

    /** Whether a write or sync has failed, so that nothing can be appended any more. */
    public abstract boolean isFailed();

    /** What must be synced so that everything appended so far is durable. */
    public abstract PendingSync pendingSync();

    /** What must be synced so that all segments but the active one are durable, for {@code log.flush=os}. */
    public abstract PendingSync pendingSyncOfRolledSegments();

    /** All files of {@code done} were synced. */
    public abstract void synced(PendingSync done);

    /** A file of a {@link PendingSync} could not be synced: from now on the log is in the failed state. */
    public abstract void syncFailed(DiskFailure cause);

    /** The first record, in offset order, whose timestamp is at least {@code timestamp}; null if there is none. */
    public abstract @Nullable TimestampOffset offsetForTimestamp(long timestamp);

    /** The record with the largest timestamp, the first of them if several have it; null if the log is empty. */
    public abstract @Nullable TimestampOffset maxTimestamp();

    /** The leader epoch of the record at {@code offset}, or -1 if none is known. */
    public abstract int leaderEpochAt(long offset);

    /** The epoch of the newest leader known to this log, or -1. */
    public abstract int latestLeaderEpoch();

    /** Records that this broker leads the partition from here on; does nothing if the epoch is known. */
    public abstract void beginLeaderEpoch(int epoch);

    /** Where the records of {@code epoch} end (KIP-101, KIP-279). */
    public abstract EpochEndOffset endOffsetForEpoch(int epoch);

    /**
     * Moves the log start up to {@code offset}, and deletes segments that lie below it. Does nothing if it lies there
     * already.
     *
     * @param offset at most {@link #logEndOffset()}
     */
    public abstract void deleteRecordsBefore(long offset);

    /**
     * Deletes the oldest segments as far as the retention settings say, and forgets idle producers. Segments that are not
     * durable yet stay.
     *
     * @return the number of segments deleted
     */
    public abstract int enforceRetention(long nowMillis);

    /** Writes indexes and a checkpoint, syncs everything and closes the files. */
    public abstract void close();
}
