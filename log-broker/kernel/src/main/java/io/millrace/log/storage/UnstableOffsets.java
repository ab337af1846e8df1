package io.millrace.log.storage;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The transactions of one log that bound its last stable offset (KIP-98): those that are open, and those whose marker
 * stands in the log but is not committed yet.
 */
final class UnstableOffsets {

    /** Every offset is stable. */
    static final long NONE = Long.MAX_VALUE;

    /** Of open transactions: first offset, and producer. */
    private final NavigableMap<Long, Long> open = new TreeMap<>();
    /** Of transactions that have ended: first offset, and offset of the marker. */
    private final NavigableMap<Long, Long> ended = new TreeMap<>();

    void begin(long firstOffset, long producerId) {
        open.put(firstOffset, producerId);
    }

    void end(long firstOffset, long markerOffset) {
        open.remove(firstOffset);
        ended.put(firstOffset, markerOffset);
    }

    /** Markers below it can no longer be lost. */
    void committedBelow(long highWatermark) {
        ended.values().removeIf(marker -> marker < highWatermark);
    }

    /** The first offset whose fate is not sure, or {@link #NONE}. */
    long first() {
        return Math.min(firstOpen(), ended.isEmpty() ? NONE : ended.firstKey());
    }

    /** The first offset of a transaction that is open, or {@link #NONE}. */
    long firstOpen() {
        return open.isEmpty() ? NONE : open.firstKey();
    }

    void clear() {
        open.clear();
        ended.clear();
    }
}
