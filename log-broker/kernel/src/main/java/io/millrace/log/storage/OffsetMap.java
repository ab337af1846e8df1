package io.millrace.log.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The newest offset of each key, for one pass of compaction. Keys are told apart by the first 128 bits of their
 * SHA-256. Open addressing; the table doubles until it holds the largest number of keys.
 */
final class OffsetMap {

    static final long NONE = -1;

    private static final int SLOTS_INITIAL = 1024;

    private final MessageDigest digest;
    private final int keysMax;
    private long[] high = new long[SLOTS_INITIAL];
    private long[] low = new long[SLOTS_INITIAL];
    private long[] offsets = emptyOffsets(SLOTS_INITIAL);
    private int size;
    private long keyHigh;
    private long keyLow;

    OffsetMap(int keysMax) {
        this.keysMax = keysMax;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Takes note of a record.
     *
     * @param offset larger than all before
     * @return false if the key is new and there is no room for it
     */
    boolean put(ByteBuffer key, long offset) {
        hash(key);
        int slot = slotOf(keyHigh, keyLow);
        if (offsets[slot] == NONE) {
            if (size == keysMax) {
                return false;
            }
            if (2 * (size + 1) > offsets.length) {
                grow();
                slot = slotOf(keyHigh, keyLow);
            }
            high[slot] = keyHigh;
            low[slot] = keyLow;
            size++;
        }
        offsets[slot] = offset;
        return true;
    }

    /** The newest offset of a key, or {@link #NONE}. */
    long get(ByteBuffer key) {
        hash(key);
        return offsets[slotOf(keyHigh, keyLow)];
    }

    private void hash(ByteBuffer key) {
        digest.update(key.duplicate());
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        keyHigh = bytes.getLong();
        keyLow = bytes.getLong();
    }

    private int slotOf(long wantedHigh, long wantedLow) {
        int mask = offsets.length - 1;
        int slot = (int) wantedLow & mask;
        while (offsets[slot] != NONE && (high[slot] != wantedHigh || low[slot] != wantedLow)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldOffsets = offsets;
        high = new long[2 * oldHigh.length];
        low = new long[2 * oldLow.length];
        offsets = emptyOffsets(2 * oldOffsets.length);
        for (int i = 0; i < oldOffsets.length; i++) {
            if (oldOffsets[i] != NONE) {
                int slot = slotOf(oldHigh[i], oldLow[i]);
                high[slot] = oldHigh[i];
                low[slot] = oldLow[i];
                offsets[slot] = oldOffsets[i];
            }
        }
    }

    private static long[] emptyOffsets(int slots) {
        long[] empty = new long[slots];
        Arrays.fill(empty, NONE);
        return empty;
    }
}
