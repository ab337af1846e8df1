package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** Looks at stored batches for what recovery must know of damage. Read only. */
final class DamageSearch {

    /** The last batch that was found whole, if any. */
    static final class LastBatch {
        private long baseOffset = -1;
        private long lastOffset = -1;
        private int leaderEpoch = -1;

        private void set(BatchCursor cursor) {
            baseOffset = cursor.baseOffset();
            lastOffset = cursor.lastOffset();
            leaderEpoch = BatchHeader.leaderEpoch(cursor.buffer(), cursor.at());
        }

        /** The offset after it; -1 if there is none. */
        long nextOffset() {
            return lastOffset < 0 ? -1 : lastOffset + 1;
        }

        /** Whether the epochs say of the batch what it says itself; a checkpoint of another time may not. */
        boolean agreesWith(LeaderEpochs epochs) {
            return baseOffset < epochs.firstStart() || epochs.epochAt(baseOffset) == leaderEpoch;
        }
    }

    private final LogDirectory directory;
    private final CRC32C crc = new CRC32C();

    DamageSearch(LogDirectory directory) {
        this.directory = directory;
    }

    /**
     * Whether the last batches before a point are there, and as they were written: those behind the last entry of the
     * offset index. So a damaged end is found without a scan of all that is before it, unless the index is wrong too.
     *
     * @param lastBatch told the base offset and leader epoch of the last of them
     */
    boolean isWholeBelow(RecoveryPoint point, LastBatch lastBatch) {
        boolean exists = directory.disk().exists(directory.file(point.segment(), LogDirectory.LOG));
        if (!exists || point.position() == 0) {
            return exists;
        }
        return walkEnd(point.segment(), point.position(), lastBatch) && lastBatch.lastOffset + 1 == point.offset();
    }

    /**
     * Looks at the last batches of a segment.
     *
     * @param end where they end, -1 if that is the end of the file
     * @return false if the file is shorter, or a batch is not whole
     */
    boolean walkEnd(long base, int end, LastBatch lastBatch) {
        OffsetIndex index = new OffsetIndex(directory, base);
        try (DiskFile file = directory.disk().open(directory.file(base, LogDirectory.LOG))) {
            int size = (int) Math.min(Integer.MAX_VALUE, file.size());
            int entry = index.floorPosition((end < 0 ? size : end) - 1);
            int from = entry < 0 ? 0 : Math.max(0, index.positionAt(entry));
            int to = end < 0 ? size : end;
            // What the index says may itself be wrong.
            return end <= size && (walk(file, from, to, lastBatch) || (from > 0 && walk(file, 0, to, lastBatch)));
        } finally {
            index.closeFile();
        }
    }

    private boolean walk(DiskFile file, int from, int end, LastBatch lastBatch) {
        BatchCursor cursor = new BatchCursor(directory.window(), file, end);
        int position = from;
        while (position < end) {
            if (cursor.tryMoveTo(position) != null || cursor.contentFlaw(crc) != null) {
                return false;
            }
            position = cursor.nextPosition();
            lastBatch.set(cursor);
        }
        return true;
    }

    /**
     * Tells damage in the middle from a torn tail: whether a whole, correct batch that ends at or above {@code offset}
     * stands behind a flaw, in its file or in a later one. Looks at every byte, as a flaw may hide how long a batch is.
     *
     * @param window scratch; whoever else uses it must take what it held for gone
     * @param base of the segment with the flaw
     * @param position of the flaw
     * @param bases of all segments, ascending
     * @param offset expected at the flaw
     */
    boolean findsBatchBehind(ByteBuffer window, long base, int position, List<Long> bases, long offset) {
        for (long each : bases) {
            if (each >= base && findsBatch(window, each, each == base ? position + 1 : 0, offset)) {
                return true;
            }
        }
        return false;
    }

    private boolean findsBatch(ByteBuffer window, long base, int from, long offset) {
        try (DiskFile file = directory.disk().open(directory.file(base, LogDirectory.LOG))) {
            int end = (int) Math.min(Integer.MAX_VALUE, file.size());
            BatchCursor cursor = new BatchCursor(window, file, end);
            for (int position = from; position <= end - BatchHeader.BYTES; position++) {
                if (cursor.tryMoveTo(position) == null
                        && cursor.baseOffset() >= base
                        && cursor.lastOffset() >= offset
                        && cursor.lastOffset() - base <= Integer.MAX_VALUE
                        && cursor.contentFlaw(crc) == null) {
                    return true;
                }
            }
            return false;
        }
    }
}
