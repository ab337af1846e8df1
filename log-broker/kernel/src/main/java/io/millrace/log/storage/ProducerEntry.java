package io.millrace.log.storage;

/**
 * What a log remembers of one idempotent producer: its epoch and the last {@value #BATCHES} batches appended under it,
 * as many as a producer may have in flight (KIP-98).
 */
final class ProducerEntry {

    static final int BATCHES = 5;

    private final long producerId;
    private final int[] baseSequences = new int[BATCHES];
    private final int[] lastOffsetDeltas = new int[BATCHES];
    private final long[] lastOffsets = new long[BATCHES];
    private final long[] appendMillis = new long[BATCHES];
    private short epoch;
    private int count;
    private int newest = BATCHES - 1;

    ProducerEntry(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** Number of batches remembered; at least 1 once the entry is in use. */
    int count() {
        return count;
    }

    /** The next sequence number in order. */
    int nextSequence() {
        return sequenceAfter(baseSequences[newest], lastOffsetDeltas[newest]);
    }

    long lastAppendMillis() {
        return appendMillis[newest];
    }

    /** Remembers a batch; a newer epoch forgets those of the older. */
    void add(short batchEpoch, int baseSequence, int lastOffsetDelta, long lastOffset, long nowMillis) {
        if (batchEpoch != epoch) {
            epoch = batchEpoch;
            count = 0;
        }
        newest = (newest + 1) % BATCHES;
        count = Math.min(BATCHES, count + 1);
        baseSequences[newest] = baseSequence;
        lastOffsetDeltas[newest] = lastOffsetDelta;
        lastOffsets[newest] = lastOffset;
        appendMillis[newest] = nowMillis;
    }

    /** The slot of a batch that was appended before, or -1. */
    int slotOf(int baseSequence, int lastOffsetDelta) {
        for (int age = 0; age < count; age++) {
            int slot = slot(age);
            if (baseSequences[slot] == baseSequence && lastOffsetDeltas[slot] == lastOffsetDelta) {
                return slot;
            }
        }
        return -1;
    }

    /** The slot of the batch before which {@code age} younger ones were appended... 0 is the newest. */
    int slot(int age) {
        return (newest - age + BATCHES) % BATCHES;
    }

    long baseOffset(int slot) {
        return lastOffsets[slot] - lastOffsetDeltas[slot];
    }

    long lastOffset(int slot) {
        return lastOffsets[slot];
    }

    int lastOffsetDelta(int slot) {
        return lastOffsetDeltas[slot];
    }

    int lastSequence(int slot) {
        return sequenceAfter(baseSequences[slot], lastOffsetDeltas[slot] - 1);
    }

    long appendMillis(int slot) {
        return appendMillis[slot];
    }

    /** {@code sequence + delta + 1}; sequence numbers begin again at 0 after the largest int. */
    static int sequenceAfter(int sequence, int delta) {
        return (int) (((long) sequence + delta + 1) & Integer.MAX_VALUE);
    }

    /** {@code sequence - delta}, the inverse. */
    static int sequenceBefore(int sequence, int delta) {
        return (int) (((long) sequence - delta) & Integer.MAX_VALUE);
    }
}
