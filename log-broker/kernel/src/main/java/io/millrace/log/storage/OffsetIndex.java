package io.millrace.log.storage;

import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/**
 * Where batches stand in a segment.
 *
 * <pre>
 *  +-----------------------------------------+------------------------+
 *  | Last offset of a batch, less base (4)   | Position of batch (4)  |
 *  +-----------------------------------------+------------------------+
 * </pre>
 */
final class OffsetIndex extends SparseIndex {

    private static final int OFFSET_AT = 0;
    private static final int POSITION_AT = OFFSET_AT + Integer.BYTES;
    static final int ENTRY_BYTES = POSITION_AT + Integer.BYTES;

    private final long baseOffset;
    private final IntToLongFunction byOffset = this::offsetAt;
    private final IntToLongFunction byPosition = this::positionAt;

    OffsetIndex(LogDirectory directory, long baseOffset) {
        super(directory, directory.file(baseOffset, LogDirectory.OFFSET_INDEX), ENTRY_BYTES);
        this.baseOffset = baseOffset;
    }

    void add(long lastOffset, int position) {
        ByteBuffer entry = next();
        entry.putInt((int) (lastOffset - baseOffset));
        entry.putInt(position);
    }

    /** The last entry of a batch that ends at or below {@code offset}, or -1. */
    int floorOffset(long offset) {
        return floor(offset, byOffset);
    }

    /** The last entry of a batch that begins at or below {@code position}, or -1. */
    int floorPosition(int position) {
        return floor(position, byPosition);
    }

    long offsetAt(int entry) {
        return baseOffset + intAt(entry, OFFSET_AT);
    }

    int positionAt(int entry) {
        return intAt(entry, POSITION_AT);
    }
}
