package io.millrace.log.storage;

/**
 * What a log remembers of one idempotent producer: its epoch, the last {@value #BATCHES} batches appended under it, as
 * many as a producer may have in flight, and the transaction that it has open (KIP-98).
 *
 * <p>A marker may bring an epoch under which nothing was appended yet: then no batch is remembered, and the first
 * sequence number is 0.
 */
final class ProducerEntry {

    static final int BATCHES = 5;
    /** No transaction is open. */
    static final long NO_TRANSACTION = -1;
    /** No marker was seen. */
    static final int NO_COORDINATOR = -1;

    private final long producerId;
    private final int[] baseSequences = new int[BATCHES];
    private final int[] lastOffsetDeltas = new int[BATCHES];
    private final long[] lastOffsets = new long[BATCHES];
    private final long[] appendMillis = new long[BATCHES];
    private short epoch;
    private int count;
    private int newest = BATCHES - 1;
    private long lastAppendMillis;
    private long transactionStart = NO_TRANSACTION;
    private int coordinatorEpoch = NO_COORDINATOR;

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

    /** Number of batches remembered. */
    int count() {
        return count;
    }

    /** The next sequence number in order. */
    int nextSequence() {
        return count == 0 ? 0 : sequenceAfter(baseSequences[newest], lastOffsetDeltas[newest]);
    }

    /** Of a batch or a marker. */
    long lastAppendMillis() {
        return lastAppendMillis;
    }

    /** First offset of the transaction that is open, or {@link #NO_TRANSACTION}. */
    long transactionStart() {
        return transactionStart;
    }

    boolean hasTransaction() {
        return transactionStart != NO_TRANSACTION;
    }

    void beginTransaction(long firstOffset) {
        transactionStart = firstOffset;
    }

    /** Of the newest marker, or {@link #NO_COORDINATOR}. */
    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    /** A marker was appended: ends the transaction, if one is open, and may bring a newer epoch. */
    void end(short markerEpoch, int markerCoordinatorEpoch, long nowMillis) {
        enterEpoch(markerEpoch);
        coordinatorEpoch = markerCoordinatorEpoch;
        transactionStart = NO_TRANSACTION;
        lastAppendMillis = nowMillis;
    }

    /** Takes over what a snapshot says, beside the batches. */
    void restore(int storedCoordinatorEpoch, long storedTransactionStart, long storedMillis) {
        coordinatorEpoch = storedCoordinatorEpoch;
        transactionStart = storedTransactionStart;
        lastAppendMillis = storedMillis;
    }

    private void enterEpoch(short newEpoch) {
        if (newEpoch != epoch) {
            epoch = newEpoch;
            count = 0;
        }
    }

    /** Remembers a batch; a newer epoch forgets those of the older. */
    void add(short batchEpoch, int baseSequence, int lastOffsetDelta, long lastOffset, long nowMillis) {
        enterEpoch(batchEpoch);
        newest = (newest + 1) % BATCHES;
        count = Math.min(BATCHES, count + 1);
        baseSequences[newest] = baseSequence;
        lastOffsetDeltas[newest] = lastOffsetDelta;
        lastOffsets[newest] = lastOffset;
        appendMillis[newest] = nowMillis;
        lastAppendMillis = nowMillis;
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

    ActiveProducer shown() {
        int lastSequence = count == 0 ? ActiveProducer.UNKNOWN : lastSequence(newest);
        return new ActiveProducer(
                producerId, epoch, lastSequence, lastAppendMillis, coordinatorEpoch, transactionStart);
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
