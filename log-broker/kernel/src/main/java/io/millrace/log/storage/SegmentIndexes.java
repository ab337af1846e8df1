package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.util.List;

/**
 * The two indexes of a segment, which get their entries together: about one per {@code index.interval.bytes}.
 *
 * <p>The time index ends with an entry for the largest timestamp of all, so that a sealed segment knows it without a
 * scan.
 */
final class SegmentIndexes {

    private final OffsetIndex offsets;
    private final TimeIndex times;
    private final int intervalBytes;
    private int bytesSinceEntry;
    private long lastOffset = -1;
    private int lastPosition;
    private long maxTimestamp = -1;
    private long maxTimestampOffset = -1;

    SegmentIndexes(LogDirectory directory, long baseOffset, int intervalBytes) {
        this.offsets = new OffsetIndex(directory, baseOffset);
        this.times = new TimeIndex(directory, baseOffset);
        this.intervalBytes = intervalBytes;
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    /** The largest timestamp of the batches noted since {@link #clear()} or {@link #resume}, or -1. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    void clear() {
        offsets.clear();
        times.clear();
        bytesSinceEntry = 0;
        lastOffset = -1;
        maxTimestamp = -1;
        maxTimestampOffset = -1;
    }

    /** Whether the index on file has no entries: only that of an empty segment has none. */
    boolean isMissing(int segmentBytes) {
        return offsets.count() == 0 && segmentBytes > 0;
    }

    /** As Kafka counts it: of the time index one entry is kept free, for the largest timestamp of all. */
    boolean isFull(int bytesMax) {
        return offsets.count() >= bytesMax / OffsetIndex.ENTRY_BYTES
                || times.count() >= bytesMax / TimeIndex.ENTRY_BYTES - 1;
    }

    void note(long batchLastOffset, long timestamp, int position, int bytes) {
        lastOffset = batchLastOffset;
        lastPosition = position;
        if (timestamp > maxTimestamp) {
            maxTimestamp = timestamp;
            maxTimestampOffset = batchLastOffset;
        }
        if (bytesSinceEntry > intervalBytes) {
            offsets.add(batchLastOffset, position);
            times.add(maxTimestamp, maxTimestampOffset);
            bytesSinceEntry = 0;
        }
        bytesSinceEntry += bytes;
    }

    /**
     * Takes the entries on file that speak of the first bytes of the segment into memory.
     *
     * @return false if they are not those of {@code point}
     */
    boolean resume(RecoveryPoint point) {
        int offsetEntries = offsets.floorPosition(point.position() - 1) + 1;
        int timeEntries = times.countBelow(point.offset());
        if (offsetEntries == 0 || timeEntries == 0 || times.timestampAt(timeEntries - 1) != point.maxTimestamp()) {
            return false;
        }
        offsets.resume(offsetEntries);
        times.resume(timeEntries);
        maxTimestamp = point.maxTimestamp();
        maxTimestampOffset = times.offsetAt(timeEntries - 1);
        bytesSinceEntry = point.position() - offsets.positionAt(offsetEntries - 1);
        return true;
    }

    /** Writes both files, with an entry at least if there is a batch. */
    void write() {
        if (offsets.count() == 0 && lastOffset >= 0) {
            offsets.add(lastOffset, lastPosition);
        }
        times.add(maxTimestamp, maxTimestampOffset);
        offsets.write();
        times.write();
    }

    /** From now on the entries are read from the files, which were written. */
    void seal() {
        offsets.seal();
        times.seal();
    }

    List<DiskFile> files() {
        return List.of(offsets.file(), times.file());
    }

    void delete() {
        offsets.delete();
        times.delete();
    }

    boolean isOpen() {
        return offsets.isOpen() || times.isOpen();
    }

    void close() {
        offsets.closeFile();
        times.closeFile();
    }
}
