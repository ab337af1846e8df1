package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.util.List;

/** What the parts of one log share: its segments, and what is known of them. */
final class LogState {

    private final LogDirectory directory;
    private final List<Segment> segments;
    private final LeaderEpochs epochs;
    private final ProducerTable producers;
    private final ProducerSnapshots snapshots;
    private final Checkpointer checkpointer;
    private final LogDurability durability;
    private final OpenSegments open;
    private LogConfig config;
    private RecoveryPoint recoveryPoint;
    private long logStartOffset;
    private long size;

    LogState(LogDirectory directory, OpenSegments open, LogConfig config, RecoveredLog found) {
        this.directory = directory;
        this.config = config;
        this.segments = found.segments();
        this.epochs = found.epochs();
        this.producers = found.producers();
        this.recoveryPoint = found.recoveryPoint();
        this.logStartOffset = found.logStartOffset();
        this.size = segments.stream().mapToLong(Segment::size).sum();
        this.snapshots = new ProducerSnapshots(directory);
        this.checkpointer = new Checkpointer(directory, snapshots);
        this.durability = new LogDurability(new DurableMark(directory), logEndOffset());
        this.open = open;
        segments.stream().filter(Segment::isOpen).forEach(this::use);
    }

    LogDirectory directory() {
        return directory;
    }

    LogConfig config() {
        return config;
    }

    void config(LogConfig changed) {
        config = changed;
    }

    /** Ascending; never empty. */
    List<Segment> segments() {
        return segments;
    }

    Segment active() {
        return segments.getLast();
    }

    /** To be called before the files of a segment are read: only so many stay open. */
    void use(Segment segment) {
        if (segment != active()) {
            open.use(segment, durability);
        }
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    ProducerTable producers() {
        return producers;
    }

    LogDurability durability() {
        return durability;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    long logEndOffset() {
        return active().nextOffset();
    }

    /** Stored bytes of all segments. */
    long size() {
        return size;
    }

    void grown(int bytes) {
        size += bytes;
    }

    /** Ends the active segment and begins another. If it fails, the active segment stays what it was. */
    void roll() {
        Segment full = active();
        full.writeIndexes();
        snapshots.write(logEndOffset(), producers);
        Segment next =
                Segment.create(directory, logEndOffset(), config.segment().indexIntervalBytes());
        full.seal();
        durability.sealed(full);
        segments.add(next);
        open.use(full, durability);
    }

    /** Files that an earlier {@link PendingSync} asked for were synced. */
    void synced(PendingSync done) {
        try {
            if (durability.synced(done)) {
                recoveryPoint = RecoveryPoint.startOf(firstToScan().baseOffset());
                checkpointer.write(recoveryPoint, segments, epochs, logStartOffset);
            }
        } catch (DiskFailure e) {
            // The records are durable all the same: without room for a checkpoint the next recovery has more to scan.
            if (e.kind() != DiskFailure.Kind.FULL) {
                durability.fail(e);
            }
        }
    }

    private Segment firstToScan() {
        int first = 0;
        while (segments.get(first) != active()
                && segments.get(first).isSealed()
                && !durability.isPending(segments.get(first))) {
            first++;
        }
        return segments.get(first);
    }

    /** Syncs in place whatever is not durable yet. */
    void syncNow() {
        PendingSync pending = durability.pending(active());
        pending.files().forEach(DiskFile::sync);
        synced(pending);
    }

    /**
     * Whether recovery takes this segment as it is: it will not grow, it is durable, and the recovery point lies in a
     * later one.
     */
    boolean isSettled(Segment segment) {
        return segment.isSealed()
                && segment != active()
                && segment.baseOffset() < recoveryPoint.segment()
                && !durability.isPending(segment);
    }

    /**
     * The transactions that were aborted in a segment. If the index on file is not what was written, it is made anew.
     */
    List<AbortedTransaction> abortedIn(Segment segment) {
        use(segment);
        List<AbortedTransaction> known = segment.transactions().entries();
        return known == null ? findAborted(segment) : known;
    }

    private List<AbortedTransaction> findAborted(Segment segment) {
        List<AbortedTransaction> found =
                new AbortedSearch(snapshots, this::use).inLast(segments.subList(0, segments.indexOf(segment) + 1));
        segment.transactions().replace(found);
        try {
            segment.transactions().write();
        } catch (DiskFailure e) {
            // On a full disk the entries stay in memory, and are found again after they were unloaded.
            if (e.kind() != DiskFailure.Kind.FULL) {
                throw e;
            }
        }
        return found;
    }

    /** Makes the recovery point, and what is {@linkplain #isSettled settled} by it, survive a power cut. */
    void checkpoint() {
        checkpointer.write(recoveryPoint, segments, epochs, logStartOffset);
        directory.sync();
    }

    /** Compaction has put one segment in place of some that follow one another; their files are not deleted here. */
    void replace(List<Segment> old, Segment cleaned) {
        int first = segments.indexOf(old.getFirst());
        for (Segment segment : old) {
            open.forget(segment);
            segment.close();
            size -= segment.size();
        }
        segments.subList(first, first + old.size()).clear();
        segments.add(first, cleaned);
        size += cleaned.size();
        open.use(cleaned, durability);
    }

    /** Deletes the files of a segment that was replaced, its name for good first. */
    void deleteReplaced(List<Segment> old) {
        old.forEach(Segment::deleteRecords);
        directory.sync();
        for (Segment segment : old) {
            segment.deleteIndexes();
            snapshots.delete(segment.baseOffset());
        }
    }

    /** Moves the log start, durably; segments below it stay. */
    void checkpointLogStart(long offset) {
        checkpointer.write(recoveryPoint, segments, epochs, offset);
        directory.sync();
        moveLogStart(offset);
    }

    private void moveLogStart(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
        epochs.truncateFromStart(logStartOffset);
    }

    /** Whether the oldest segment may go: it is not the active one, and no sync of it is under way. */
    boolean isFirstDeletable() {
        return segments.size() > 1 && !durability.isPending(segments.getFirst());
    }

    /** Deletes from the front, each name for good before the next, so that no power cut leaves a gap. */
    void deleteFirstSegment() {
        Segment oldest = segments.removeFirst();
        open.forget(oldest);
        size -= oldest.size();
        moveLogStart(segments.getFirst().baseOffset());
        oldest.deleteRecords();
        directory.sync();
        oldest.deleteIndexes();
        snapshots.delete(oldest.baseOffset());
    }

    /** Deletes snapshots of producers from which recovery would never begin. */
    void deleteStraySnapshots() {
        for (long offset : snapshots.list()) {
            boolean begins = offset == recoveryPoint.offset()
                    || segments.stream().anyMatch(segment -> segment.baseOffset() == offset);
            if (!begins) {
                snapshots.delete(offset);
            }
        }
    }

    /** Makes the end of the log, all of which is durable, the point from which the next recovery begins. */
    void checkpointEnd() {
        if (recoveryPoint.offset() != logEndOffset() || epochs.isDirty()) {
            Checkpointer.sealOlder(segments);
            recoveryPoint = checkpointer.writeAtEnd(segments, producers, epochs, logStartOffset);
        }
    }

    void close() {
        segments.forEach(open::forget);
        segments.forEach(Segment::close);
        durability.close();
    }
}
