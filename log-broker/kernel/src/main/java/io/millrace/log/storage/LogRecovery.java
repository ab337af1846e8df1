package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a log, however its last use ended.
 *
 * <ol>
 *   <li>Recovery begins at the point named by the checkpoint; earlier, if the producers or leader epochs as of that
 *       point are missing. Segments before it are taken as they are, but for one that is empty, and for the end of the
 *       last: if that is lost the log is not opened.
 *   <li>From there every batch is checked: header, CRC, offset one after the other but for gaps that
 *       compaction left.
 *   <li>At the first flaw, what lies behind it is cut off: a torn tail. But if it was known to be durable and a correct
 *       batch stands behind it, the log is not opened: that is damage in the middle.
 *   <li>What was scanned is written once more where it was not known to be durable, all of it is synced, and a new
 *       checkpoint written.
 * </ol>
 *
 * <p>Used once.
 */
final class LogRecovery {

    private static final int SCAN_WINDOW_BYTES = 256 * 1024;

    private final LogDirectory directory;
    private final int indexIntervalBytes;
    private final long nowMillis;
    private final ProducerSnapshots snapshots;
    private final DamageSearch damage;
    private final CRC32C crc = new CRC32C();
    private final List<Segment> segments = new ArrayList<>();
    private final ProducerTable producers = new ProducerTable();
    private LeaderEpochs epochs = new LeaderEpochs();
    private LogCheckpoint checkpoint = LogCheckpoint.NONE;
    private CleanerCheckpoint cleaner = CleanerCheckpoint.NEVER_CLEANED;
    private @Nullable ByteBuffer window;
    private List<Long> bases = List.of();
    private long checkpointedOffset;
    private long durableEndOffset;
    private long scannedBytes;
    private long truncatedBytes;
    private long lostOffsets;
    private String reason = "";

    LogRecovery(LogDirectory directory, int indexIntervalBytes, long nowMillis) {
        this.directory = directory;
        this.indexIntervalBytes = indexIntervalBytes;
        this.nowMillis = nowMillis;
        this.snapshots = new ProducerSnapshots(directory);
        this.damage = new DamageSearch(directory);
    }

    RecoveredLog run() {
        directory.create();
        directory.deleteTemporaries();
        checkpoint = LogCheckpoint.read(directory);
        durableEndOffset = Math.max(checkpoint.recoveryPoint().offset(), new DurableMark(directory).read());
        bases = directory.offsetsOf(LogDirectory.LOG);
        deleteSegmentsBelow(checkpoint.logStartOffset());
        cleaner = CleanerCheckpoint.read(directory);
        deleteReplaced();
        RecoveryPoint start = checkpoint.recoveryPoint();
        checkpointedOffset = start.offset();
        requireSegment(start.segment());
        if (!bases.isEmpty()) {
            start = startOfScan(checkpoint.recoveryPoint());
            int newest = epochs.latest();
            // What the file says of later offsets may be of records that a power cut took: the scan tells anew.
            epochs.truncateFromEnd(start.offset());
            openSegments(start);
            if (segments.getLast().nextOffset() == start.offset()) {
                epochs.assign(newest, start.offset());
            }
        }
        long logStartOffset = findEnd(checkpoint.logStartOffset());
        RecoveryPoint point = finish(logStartOffset, start);
        return new RecoveredLog(
                segments,
                epochs,
                producers,
                logStartOffset,
                point,
                new Recovery(scannedBytes, truncatedBytes, reason, lostOffsets));
    }

    /** Finishes a deletion that was interrupted, or whose names came back after a power cut. */
    private void deleteSegmentsBelow(long logStartOffset) {
        while (bases.size() > 1 && bases.get(1) <= logStartOffset) {
            deleteSegment(bases.removeFirst());
        }
    }

    /** Finishes a compaction that had put a segment in place of several, and not yet deleted all of them. */
    private void deleteReplaced() {
        if (!bases.contains(cleaner.replacedFrom())) {
            return;
        }
        List<Long> doubtful = bases.stream()
                .filter(base -> base > cleaner.replacedFrom() && base < cleaner.replacedBelow())
                .toList();
        if (doubtful.isEmpty()) {
            return;
        }
        long end = endOf(cleaner.replacedFrom());
        for (long base : doubtful) {
            if (base < end) {
                deleteSegment(base);
                bases.remove(base);
            }
        }
        directory.sync();
    }

    /** The offset after the last batch of a segment. */
    private long endOf(long base) {
        try (DiskFile file = directory.disk().open(directory.file(base, LogDirectory.LOG))) {
            int size = Math.toIntExact(file.size());
            BatchCursor cursor = new BatchCursor(directory.window(), file, size);
            long end = base;
            int position = 0;
            while (position < size) {
                cursor.moveTo(position);
                end = cursor.lastOffset() + 1;
                position = cursor.nextPosition();
            }
            return end;
        }
    }

    private void deleteSegment(long base) {
        Segment.growing(directory, base, indexIntervalBytes).delete();
        snapshots.delete(base);
    }

    /** The latest point for which everything is at hand that a scan from there would not bring back. */
    private RecoveryPoint startOfScan(RecoveryPoint checkpointed) {
        LeaderEpochs stored = LeaderEpochs.read(directory);
        DamageSearch.LastBatch last = new DamageSearch.LastBatch();
        boolean whole = damage.isWholeBelow(checkpointed, last);
        int before = bases.indexOf(checkpointed.segment()) - 1;
        if (before >= 0) {
            DamageSearch.LastBatch endOfBefore = new DamageSearch.LastBatch();
            damage.walkEnd(bases.get(before), -1, endOfBefore);
            long end = Math.max(bases.get(before), endOfBefore.nextOffset());
            requireContinued(bases.get(before), end, checkpointed.segment());
            last = checkpointed.position() == 0 ? endOfBefore : last;
        }
        if (stored != null && last.agreesWith(stored)) {
            epochs = stored;
            if (whole && readProducers(checkpointed.offset())) {
                return checkpointed;
            }
            for (long base : bases.reversed()) {
                if (base <= checkpointed.offset() && readProducers(base)) {
                    return RecoveryPoint.startOf(base);
                }
            }
        }
        if (!readProducers(bases.getFirst())) {
            snapshots.delete(bases.getFirst());
        }
        return RecoveryPoint.startOf(bases.getFirst());
    }

    /** What is taken as durable must not have lost its end: readers would pass over it and never know. */
    private void requireContinued(long base, long end, long next) {
        if (end < next && !isGap(end, next)) {
            String path = directory.file(base, LogDirectory.LOG);
            String flaw = "the segment ends at offset %d, the next begins at %d".formatted(end, next);
            throw damaged(path, sizeOf(path), end, flaw);
        }
    }

    private long sizeOf(String path) {
        try (DiskFile file = directory.disk().open(path)) {
            return file.size();
        }
    }

    /** A snapshot may be whole and yet not the one that was written last. */
    private boolean readProducers(long offset) {
        boolean doubtful = offset == checkpoint.recoveryPoint().offset()
                && checkpoint.producersCrc() != LogCheckpoint.UNKNOWN_CRC
                && checkpoint.producersCrc() != snapshots.crcAt(offset);
        return !doubtful && snapshots.read(offset, producers);
    }

    private void openSegments(RecoveryPoint start) {
        int i = 0;
        while (bases.get(i) < start.segment()) {
            Segment segment = Segment.sealed(directory, bases.get(i), indexIntervalBytes, bases.get(i + 1));
            if (segment.size() == 0) {
                requireContinued(bases.get(i), bases.get(i), bases.get(i + 1));
            }
            segment.transactions().expect(checkpoint.abortedIn(bases.get(i)));
            segments.add(segment);
            i++;
        }
        long expected = start.segment();
        for (; i < bases.size(); i++) {
            long base = bases.get(i);
            if ((base == expected || isGap(expected, base)) && reason.isEmpty()) {
                if (!segments.isEmpty()) {
                    segments.getLast().endAt(base);
                }
                Segment segment = openSegment(start, base);
                segments.add(segment);
                if (base > start.segment()) {
                    rememberProducers(base);
                }
                scan(segment);
                expected = segment.nextOffset();
            } else {
                drop(base, expected);
            }
        }
    }

    private Segment openSegment(RecoveryPoint start, long base) {
        if (base != start.segment() || start.position() == 0) {
            return Segment.growing(directory, base, indexIntervalBytes);
        }
        Segment segment = Segment.resumed(directory, start, indexIntervalBytes);
        resumeTransactions(segment);
        return segment;
    }

    /** What an earlier life knew of the producers may differ from what the scan has found: one word holds. */
    private void rememberProducers(long base) {
        try {
            snapshots.write(base, producers);
            snapshots.sync(base);
        } catch (DiskFailure e) {
            if (e.kind() != DiskFailure.Kind.FULL) {
                throw e;
            }
            snapshots.delete(base);
        }
    }

    /** Finds the transactions that were aborted in the first batches of a segment. */
    private void resumeTransactions(Segment segment) {
        if (!segment.transactions().resume(checkpoint.abortedIn(segment.baseOffset()))) {
            List<Segment> known = new ArrayList<>(segments);
            known.add(segment);
            segment.transactions().replace(new AbortedSearch(snapshots, used -> {}).inLast(known));
        }
    }

    /** Takes the segment's batches up to its end or the first flaw, and cuts off the rest. */
    private void scan(Segment segment) {
        long fileSize = segment.file().size();
        if (fileSize > Integer.MAX_VALUE) {
            throw LogDirectory.damaged(segment.path(), Integer.MAX_VALUE, "a segment of %d bytes".formatted(fileSize));
        }
        BatchCursor cursor = new BatchCursor(window(), segment.file(), (int) fileSize);
        long from = segment.size();
        String flaw = null;
        while (segment.size() < fileSize && flaw == null) {
            flaw = takeBatch(segment, cursor);
        }
        scannedBytes += segment.size() - from;
        if (flaw == null) {
            return;
        }
        if (segment.nextOffset() < durableEndOffset
                && isFollowed(segment.baseOffset(), segment.size(), segment.nextOffset())) {
            throw damaged(segment.path(), segment.size(), segment.nextOffset(), flaw);
        }
        reason = "%s at position %d: %s".formatted(segment.path(), segment.size(), flaw);
        truncatedBytes += fileSize - segment.size();
        segment.cutTail();
    }

    private boolean isFollowed(long base, int position, long offset) {
        return damage.findsBatchBehind(window(), base, position, bases, offset);
    }

    /** Made when something is scanned: most logs were closed cleanly. */
    private ByteBuffer window() {
        ByteBuffer buffer = window;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(SCAN_WINDOW_BYTES);
            window = buffer;
        }
        return buffer;
    }

    private @Nullable String takeBatch(Segment segment, BatchCursor cursor) {
        String flaw = cursor.tryMoveTo(segment.size());
        if (flaw == null) {
            flaw = cursor.contentFlaw(crc);
        }
        if (flaw == null
                && cursor.baseOffset() != segment.nextOffset()
                && !isGap(segment.nextOffset(), cursor.baseOffset())) {
            flaw = "offset %d follows, expected %d".formatted(cursor.baseOffset(), segment.nextOffset());
        }
        if (flaw == null) {
            ByteBuffer buffer = cursor.buffer();
            int at = cursor.at();
            epochs.assign(BatchHeader.leaderEpoch(buffer, at), BatchHeader.baseOffset(buffer, at));
            segment.note(buffer, at);
            AbortedTransaction aborted = producers.replay(cursor, nowMillis);
            if (aborted != null) {
                segment.transactions().add(aborted);
            }
        }
        return flaw;
    }

    /** Whether compaction may have left nothing between two offsets. */
    private boolean isGap(long from, long to) {
        return from < to && to <= cleaner.gapsBelow();
    }

    /** Deletes a segment that does not continue the log. */
    private void drop(long base, long expected) {
        String path = directory.file(base, LogDirectory.LOG);
        long size = sizeOf(path);
        if (reason.isEmpty() && size > 0) {
            reason = "%s at position 0: the segment begins at offset %d, the one before ends at %d"
                    .formatted(path, base, expected);
            if (base < expected || (expected < durableEndOffset && isFollowed(base, -1, expected))) {
                throw damaged(path, 0, expected, reason);
            }
        }
        truncatedBytes += size;
        deleteSegment(base);
    }

    /** A file that is not there was not torn: somebody has taken it away. */
    private void requireSegment(long base) {
        if (durableEndOffset > base && (bases.isEmpty() || bases.getLast() < base)) {
            throw damaged(directory.file(base, LogDirectory.LOG), 0, base, "the file is missing");
        }
    }

    /** Makes sure there is an active segment; returns the log start. */
    private long findEnd(long checkpointedStart) {
        long end = segments.isEmpty() ? 0 : segments.getLast().nextOffset();
        lostOffsets = Math.max(0, durableEndOffset - Math.max(end, checkpointedStart));
        if (segments.isEmpty() || end < checkpointedStart) {
            // Records were deleted up to the end of the log, and a power cut then took the end: offsets are not used
            // again.
            for (Segment segment : segments) {
                segment.delete();
            }
            segments.clear();
            segments.add(Segment.create(directory, checkpointedStart, indexIntervalBytes));
        }
        return Math.max(checkpointedStart, segments.getFirst().baseOffset());
    }

    private DiskFailure damaged(String path, long position, long offset, String flaw) {
        String what = "%s, but records below offset %d were durable".formatted(flaw, durableEndOffset);
        String files = directory.file(DurableMark.FILE)
                + (offset < checkpointedOffset ? " and " + directory.file(LogCheckpoint.FILE) : "");
        String advice = "Restore it from a copy. Or give up the records from offset %d on: delete %s, and restart"
                .formatted(offset, files);
        return LogDirectory.damaged(path, position, what, advice);
    }

    /** Makes what was found durable, so that the next recovery begins at the end. */
    private RecoveryPoint finish(long logStartOffset, RecoveryPoint start) {
        Segment active = segments.getLast();
        epochs.truncateFromStart(logStartOffset);
        if (active.nextOffset() == start.offset() && truncatedBytes == 0 && lostOffsets == 0) {
            return start;
        }
        for (Segment segment : segments) {
            // Also one of which only a torn tail was cut off, now or in an earlier recovery: it must not come back.
            if (!segment.isSealed()) {
                segment.file().rewrite(firstDoubtful(segment));
                segment.file().sync();
            }
        }
        try {
            Checkpointer.sealOlder(segments);
            if (lostOffsets > 0) {
                directory.disk().delete(directory.file(DurableMark.FILE));
            }
            return new Checkpointer(directory, snapshots).writeAtEnd(segments, producers, epochs, logStartOffset);
        } catch (DiskFailure e) {
            // Without room for a checkpoint the log works, and the next recovery begins where this one did.
            if (e.kind() != DiskFailure.Kind.FULL) {
                throw e;
            }
            return start;
        }
    }

    /**
     * Position of the first batch that no sync is known to have covered. If one had failed, what is read here may stand
     * in the cache only, and the sync to come would be done without writing it.
     */
    private int firstDoubtful(Segment segment) {
        BatchPlace place = new BatchPlace();
        segment.find(Math.max(segment.baseOffset(), durableEndOffset), place);
        return place.position;
    }
}
