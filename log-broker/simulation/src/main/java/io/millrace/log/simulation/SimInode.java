package io.millrace.log.simulation;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The bytes of a simulated file, twice: as the page cache has them, and as they were when they were last synced.
 *
 * <p>Files only grow and are cut, so the two differ from some position on, and only that part is copied by a sync.
 */
final class SimInode {

    private static final int PIECE_BYTES_MIN = 512;
    private static final int PIECE_BYTES_MAX = 4096;

    private byte[] cached = new byte[64];
    private int size;
    private byte[] durable = new byte[0];
    private int durableSize;
    private int changedFrom;
    /** Whether a sync has failed, after which the cache may differ from the disk where it is clean. */
    private boolean doubtful;

    int size() {
        return size;
    }

    /** What a power cut can take: bytes that were not synced. */
    boolean isDirty() {
        return doubtful || changedFrom < Math.max(size, durableSize);
    }

    void append(byte[] bytes, int length) {
        if (size + length > cached.length) {
            cached = Arrays.copyOf(cached, Math.max(2 * cached.length, size + length));
        }
        System.arraycopy(bytes, 0, cached, size, length);
        changedFrom = Math.min(changedFrom, size);
        size += length;
    }

    void truncate(int newSize) {
        if (newSize < size) {
            size = newSize;
            changedFrom = Math.min(changedFrom, newSize);
        }
    }

    int read(byte[] into, int position) {
        int length = Math.clamp(size - (long) position, 0, into.length);
        System.arraycopy(cached, Math.min(position, size), into, 0, length);
        return length;
    }

    void sync() {
        byte[] synced = Arrays.copyOf(durable, size);
        int unchanged = Math.min(changedFrom, size);
        System.arraycopy(cached, unchanged, synced, unchanged, size - unchanged);
        durable = synced;
        durableSize = size;
        changedFrom = size;
    }

    /**
     * A sync that failed: some pieces reached the disk, the others did not, and the cache takes all of them for clean,
     * so that a later sync does not write them either.
     */
    void failSync(RandomGenerator random) {
        byte[] left = Arrays.copyOf(durable, size);
        int position = Math.min(changedFrom, size);
        while (position < size) {
            int next = Math.min(size, position + random.nextInt(PIECE_BYTES_MIN, PIECE_BYTES_MAX + 1));
            if (random.nextBoolean()) {
                System.arraycopy(cached, position, left, position, next - position);
            }
            position = next;
        }
        durable = left;
        durableSize = size;
        changedFrom = size;
        doubtful = true;
    }

    void rewrite(int from) {
        changedFrom = Math.min(changedFrom, from);
    }

    /** Flips a bit both in the cache and on the disk. */
    void flipBit(int position, int bit) {
        cached[position] ^= (byte) (1 << bit);
        if (position < durableSize) {
            durable[position] ^= (byte) (1 << bit);
        }
    }

    /**
     * Forgets, piece by piece, some of what was not synced. A piece that is lost reads as what was synced there
     * before, or as zeros where nothing was. The length is the old one, the new one or one between.
     */
    void cutPower(RandomGenerator random) {
        int end = Math.max(size, durableSize);
        byte[] left = Arrays.copyOf(durable, end);
        int position = changedFrom;
        while (position < end) {
            int next = Math.min(end, position + random.nextInt(PIECE_BYTES_MIN, PIECE_BYTES_MAX + 1));
            int cachedEnd = Math.min(next, size);
            if (random.nextBoolean() && cachedEnd > position) {
                System.arraycopy(cached, position, left, position, cachedEnd - position);
            }
            position = next;
        }
        int shorter = Math.min(size, durableSize);
        int leftSize = switch (random.nextInt(3)) {
            case 0 -> size;
            case 1 -> durableSize;
            default -> shorter + random.nextInt(end - shorter + 1);
        };
        cached = Arrays.copyOf(left, Math.max(leftSize, 64));
        size = leftSize;
        durable = Arrays.copyOf(left, leftSize);
        durableSize = leftSize;
        changedFrom = leftSize;
        doubtful = false;
    }
}
