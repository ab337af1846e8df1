package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the log in one file, with its indexes. The last segment of a log, the active one, grows; the others are
 * sealed: their indexes stand on file, and their files are opened when they are first read.
 */
final class Segment {

    private final LogDirectory directory;
    private final long baseOffset;
    private final String path;
    private final SegmentIndexes indexes;
    private final TransactionIndex transactions;
    /** Null in a sealed segment. */
    private @Nullable RecentBatches recent;

    private @Nullable DiskFile file;
    private int size;
    private long nextOffset;
    private long firstAppendMillis = -1;
    /** Whether the indexes were made from the batches since the log was opened: then there is nothing to doubt. */
    private boolean indexed;
    /** What the time index on file says, once it was found to be true; else -1. */
    private long checkedMaxTimestamp = -1;

    private Segment(LogDirectory directory, long baseOffset, int indexIntervalBytes) {
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.path = directory.file(baseOffset, LogDirectory.LOG);
        this.indexes = new SegmentIndexes(directory, baseOffset, indexIntervalBytes);
        this.transactions = new TransactionIndex(directory, baseOffset);
        this.nextOffset = baseOffset;
    }

    /** Creates an empty segment, with a name that survives a power cut. */
    static Segment create(LogDirectory directory, long baseOffset, int indexIntervalBytes) {
        Segment segment = growing(directory, baseOffset, indexIntervalBytes);
        try {
            segment.file().truncate(0);
            directory.sync();
            return segment;
        } catch (DiskFailure e) {
            segment.delete();
            throw e;
        }
    }

    /** A segment whose file exists, to be filled by {@link #note} from its first batch on. */
    static Segment growing(LogDirectory directory, long baseOffset, int indexIntervalBytes) {
        Segment segment = new Segment(directory, baseOffset, indexIntervalBytes);
        segment.indexes.clear();
        segment.indexed = true;
        segment.recent = new RecentBatches();
        return segment;
    }

    /** A segment that is known to be whole. Nothing of it is read, but for its size. */
    static Segment sealed(LogDirectory directory, long baseOffset, int indexIntervalBytes, long nextOffset) {
        Segment segment = new Segment(directory, baseOffset, indexIntervalBytes);
        segment.size = Math.toIntExact(segment.file().size());
        segment.nextOffset = nextOffset;
        segment.close();
        return segment;
    }

    /**
     * What compaction makes of segments, sealed: to be filled by {@link #note}. The file takes its name later, and is
     * not opened before.
     */
    static Segment cleaned(LogDirectory directory, long baseOffset, int indexIntervalBytes) {
        Segment segment = new Segment(directory, baseOffset, indexIntervalBytes);
        segment.indexes.clear();
        segment.indexed = true;
        return segment;
    }

    /** A segment that is known up to a point, to be filled by {@link #note} from there on. */
    static Segment resumed(LogDirectory directory, RecoveryPoint point, int indexIntervalBytes) {
        Segment segment = new Segment(directory, point.segment(), indexIntervalBytes);
        segment.size = point.position();
        segment.nextOffset = point.offset();
        if (!segment.indexes.resume(point)) {
            segment.buildIndexes();
        }
        if (segment.size > 0) {
            BatchCursor cursor = segment.cursor();
            cursor.moveTo(0);
            segment.firstAppendMillis = cursor.maxTimestamp();
        }
        segment.recent = new RecentBatches();
        return segment;
    }

    long baseOffset() {
        return baseOffset;
    }

    /** The offset after the last record. */
    long nextOffset() {
        return nextOffset;
    }

    /** Tells where the next segment begins, if compaction has left a gap before it. */
    void endAt(long offset) {
        nextOffset = offset;
    }

    int size() {
        return size;
    }

    /** Whether one of the indexes may not take another entry. */
    boolean isIndexFull(int indexBytesMax) {
        return indexes.isFull(indexBytesMax);
    }

    String path() {
        return path;
    }

    /** The transactions that were aborted here: entries of a sealed segment may have to be found anew. */
    TransactionIndex transactions() {
        return transactions;
    }

    /**
     * Time of the first append, or the first batch's timestamp if that was before the log was opened; -1 if neither.
     */
    long firstAppendMillis() {
        return firstAppendMillis;
    }

    /** The largest timestamp of any record, or -1. */
    long maxTimestamp() {
        if (!indexed && recent == null && size > 0 && checkedMaxTimestamp < 0) {
            int last = indexes.times().count() - 1;
            if (last >= 0 && isTrue(last) && isLargest(last)) {
                checkedMaxTimestamp = indexes.times().timestampAt(last);
            } else {
                rebuildIndexes();
            }
        }
        return Math.max(checkedMaxTimestamp, indexes.maxTimestamp());
    }

    private boolean isLargest(int timeEntry) {
        long timestamp = indexes.times().timestampAt(timeEntry);
        BatchPlace place = new BatchPlace();
        find(indexes.times().offsetAt(timeEntry), place);
        BatchCursor cursor = cursor();
        int position = place.position;
        while (position < size) {
            cursor.moveTo(position);
            if (cursor.maxTimestamp() > timestamp) {
                return false;
            }
            position = cursor.nextPosition();
        }
        return true;
    }

    /** The end of this segment, if all of it is durable. */
    RecoveryPoint recoveryPointAtEnd() {
        return new RecoveryPoint(nextOffset, baseOffset, size, maxTimestamp());
    }

    DiskFile file() {
        DiskFile opened = file;
        if (opened == null) {
            opened = directory.disk().open(path);
            file = opened;
        }
        return opened;
    }

    /** Whether any of its files may be. */
    boolean isOpen() {
        return file != null || indexes.isOpen();
    }

    boolean isSealed() {
        return recent == null;
    }

    /** Everything that must be synced so that a sealed segment needs no scan after a crash. */
    List<DiskFile> allFiles() {
        List<DiskFile> files = new ArrayList<>(indexes.files());
        files.addFirst(file());
        return files;
    }

    List<DiskFile> indexFiles() {
        return indexes.files();
    }

    BatchCursor cursor() {
        return new BatchCursor(directory.window(), file(), size);
    }

    /** Appends whole batches whose offsets are set. If it fails, nothing of them is part of the segment. */
    void append(ByteBuffer records, long nowMillis) {
        int at = records.position();
        int end = records.limit();
        file().append(records);
        if (size == 0) {
            firstAppendMillis = nowMillis;
        }
        while (at < end) {
            note(records, at);
            at += BatchHeader.sizeInBytes(records, at);
        }
    }

    /** Takes note of a batch that stands at the end of what is known of the file. */
    void note(ByteBuffer buffer, int at) {
        int bytes = BatchHeader.sizeInBytes(buffer, at);
        long lastOffset = BatchHeader.lastOffset(buffer, at);
        long timestamp = BatchHeader.newestTimestamp(buffer, at);
        if (size == 0 && firstAppendMillis < 0) {
            firstAppendMillis = timestamp;
        }
        indexes.note(lastOffset, timestamp, size, bytes);
        if (recent != null) {
            recent.add(BatchHeader.baseOffset(buffer, at), size);
        }
        size += bytes;
        nextOffset = lastOffset + 1;
    }

    /** Cuts off whatever the file holds behind the last batch that is part of the segment. */
    void cutTail() {
        if (file().size() > size) {
            file().truncate(size);
        }
    }

    /**
     * Finds the first batch that ends at or above {@code offset}.
     *
     * @return false if there is none; the place is then the end of the segment
     */
    boolean find(long offset, BatchPlace place) {
        if (offset >= nextOffset) {
            place.set(size, nextOffset);
            return false;
        }
        RecentBatches newest = recent;
        long number = newest == null ? -1 : newest.floorOffset(offset);
        if (newest != null && number >= 0) {
            place.set(newest.position(number), newest.baseOffset(number));
            return true;
        }
        return walkTo(offset, place);
    }

    /** Compaction may have left nothing at or above the offset. */
    private boolean walkTo(long offset, BatchPlace place) {
        BatchCursor cursor = cursor();
        int position = indexedStart(cursor, indexes.offsets().floorOffset(offset), 0);
        while (position < size) {
            cursor.moveTo(position);
            if (cursor.lastOffset() >= offset) {
                place.set(position, cursor.baseOffset());
                return true;
            }
            position = cursor.nextPosition();
        }
        place.set(size, nextOffset);
        return false;
    }

    /**
     * Moves {@code place} forward to the last boundary between batches that is not beyond {@code limit}.
     *
     * @param place a batch of this segment, at or below the limit
     * @param limit a position in the file, below its end
     */
    void advance(BatchPlace place, int limit) {
        RecentBatches newest = recent;
        long number = newest == null ? -1 : newest.floorPosition(limit);
        if (newest != null && number >= 0) {
            place.set(newest.position(number), newest.baseOffset(number));
            return;
        }
        BatchCursor cursor = cursor();
        cursor.moveTo(indexedStart(cursor, indexes.offsets().floorPosition(limit), place.position));
        while (cursor.nextPosition() <= limit) {
            cursor.moveTo(cursor.nextPosition());
        }
        place.set(cursor.position(), cursor.baseOffset());
    }

    /** Finds a batch from which on all records lie whose timestamp is at least {@code timestamp}. */
    void findTime(long timestamp, BatchPlace place) {
        TimeIndex times = indexes.times();
        int entry = times.floorTimestamp(timestamp);
        if (entry >= 0 && !isTrue(entry)) {
            rebuildIndexes();
            entry = times.floorTimestamp(timestamp);
        }
        find(entry < 0 ? baseOffset : times.offsetAt(entry), place);
    }

    /**
     * Where a walk may begin: at what an index entry points to, or earlier if the entry is not to be trusted.
     *
     * @param entry of the offset index, or -1
     * @param known a batch at which the walk may begin as well
     */
    private int indexedStart(BatchCursor cursor, int entry, int known) {
        if (!indexed && indexes.isMissing(size)) {
            rebuildIndexes();
            return known;
        }
        if (entry < 0) {
            return known;
        }
        int position = indexes.offsets().positionAt(entry);
        if (position <= known) {
            return known;
        }
        boolean isBatch = position < size && cursor.tryMoveTo(position) == null;
        if (isBatch && cursor.lastOffset() == indexes.offsets().offsetAt(entry)) {
            return position;
        }
        rebuildIndexes();
        cursor.forget();
        return known;
    }

    private boolean isTrue(int timeEntry) {
        long offset = indexes.times().offsetAt(timeEntry);
        BatchPlace place = new BatchPlace();
        if (offset < baseOffset || !find(offset, place)) {
            return false;
        }
        BatchCursor cursor = cursor();
        cursor.moveTo(place.position);
        return cursor.lastOffset() == offset
                && cursor.maxTimestamp() == indexes.times().timestampAt(timeEntry);
    }

    /** Puts indexes made from the batches in place of files that were missing or wrong. */
    private void rebuildIndexes() {
        buildIndexes();
        if (recent == null) {
            storeIndexes();
        }
    }

    /** Puts the indexes of a sealed segment on file, durably if there is room. */
    void storeIndexes() {
        try {
            writeIndexes();
            indexes.seal();
            for (DiskFile written : indexes.files()) {
                written.sync();
            }
            directory.sync();
        } catch (DiskFailure e) {
            // On a full disk they stay in memory. A part of them on file is told by what it points to.
            if (e.kind() != DiskFailure.Kind.FULL) {
                throw e;
            }
        }
    }

    private void buildIndexes() {
        indexes.clear();
        BatchCursor cursor = cursor();
        int position = 0;
        while (position < size) {
            cursor.moveTo(position);
            indexes.note(cursor.lastOffset(), cursor.maxTimestamp(), position, cursor.size());
            position = cursor.nextPosition();
        }
        indexed = true;
    }

    void writeIndexes() {
        indexes.write();
        transactions.write();
    }

    /** Ends the growth of this segment, whose indexes were written. */
    void seal() {
        recent = null;
        indexes.seal();
    }

    /** Deletes the file of records. The caller makes that durable before it deletes the indexes. */
    void deleteRecords() {
        close();
        directory.disk().delete(path);
    }

    void deleteIndexes() {
        indexes.delete();
        transactions.delete();
    }

    void delete() {
        deleteRecords();
        deleteIndexes();
    }

    void close() {
        DiskFile opened = file;
        if (opened != null) {
            opened.close();
            file = null;
        }
        indexes.close();
        if (isSealed()) {
            transactions.unload();
        }
    }
}
