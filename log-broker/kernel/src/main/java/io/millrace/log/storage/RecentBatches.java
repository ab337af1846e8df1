package io.millrace.log.storage;

/**
 * Where the newest batches of a segment begin, so that readers at the end of a log, the usual case, need no file access
 * to find them. A ring of the last {@value #CAPACITY}.
 */
final class RecentBatches {

    private static final int CAPACITY = 256;

    private final long[] baseOffsets = new long[CAPACITY];
    private final int[] positions = new int[CAPACITY];
    private long added;

    void add(long baseOffset, int position) {
        int slot = slot(added++);
        baseOffsets[slot] = baseOffset;
        positions[slot] = position;
    }

    /** The number of the batch that begins at or below {@code offset}, or -1 if it is no longer known. */
    long floorOffset(long offset) {
        long low = oldest();
        long high = added - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            if (baseOffset(middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < oldest() ? -1 : high;
    }

    /** The number of the batch that begins at or below {@code position}, or -1 if it is no longer known. */
    long floorPosition(int position) {
        long low = oldest();
        long high = added - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            if (position(middle) <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < oldest() ? -1 : high;
    }

    long baseOffset(long number) {
        return baseOffsets[slot(number)];
    }

    int position(long number) {
        return positions[slot(number)];
    }

    private long oldest() {
        return Math.max(0, added - CAPACITY);
    }

    private static int slot(long number) {
        return (int) (number % CAPACITY);
    }
}
