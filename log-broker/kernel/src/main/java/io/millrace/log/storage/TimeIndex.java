package io.millrace.log.storage;

import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/**
 * From which batch on a segment has records of a time or later. Timestamps ascend strictly: each is the largest of the
 * segment so far, and the offset is that of the batch which brought it.
 *
 * <pre>
 *  +-----------------------------------------+-----------------------------------------+
 *  | Largest timestamp so far (8)            | Last offset of its batch, less base (4) |
 *  +-----------------------------------------+-----------------------------------------+
 * </pre>
 */
final class TimeIndex extends SparseIndex {

    private static final int TIMESTAMP_AT = 0;
    private static final int OFFSET_AT = TIMESTAMP_AT + Long.BYTES;
    static final int ENTRY_BYTES = OFFSET_AT + Integer.BYTES;

    private final long baseOffset;
    private final IntToLongFunction byTimestamp = this::timestampAt;
    private final IntToLongFunction byOffset = this::offsetAt;

    TimeIndex(LogDirectory directory, long baseOffset) {
        super(directory, directory.file(baseOffset, LogDirectory.TIME_INDEX), ENTRY_BYTES);
        this.baseOffset = baseOffset;
    }

    /** Does nothing if an entry has this timestamp or a larger one. */
    void add(long timestamp, long lastOffset) {
        if (timestamp < 0 || (count() > 0 && timestampAt(count() - 1) >= timestamp)) {
            return;
        }
        ByteBuffer entry = next();
        entry.putLong(timestamp);
        entry.putInt((int) (lastOffset - baseOffset));
    }

    /** The last entry that is not later than {@code timestamp}, or -1. */
    int floorTimestamp(long timestamp) {
        return floor(timestamp, byTimestamp);
    }

    /** The number of entries that speak of batches below {@code offset}. */
    int countBelow(long offset) {
        return floor(offset - 1, byOffset) + 1;
    }

    long timestampAt(int entry) {
        return longAt(entry, TIMESTAMP_AT);
    }

    long offsetAt(int entry) {
        return baseOffset + intAt(entry, OFFSET_AT);
    }
}
