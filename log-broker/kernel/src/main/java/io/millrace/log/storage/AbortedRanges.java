package io.millrace.log.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells which transactional batches belong to aborted transactions, and which markers ended them. */
final class AbortedRanges {

    /** By producer: first offsets, and offsets of the markers. */
    private final Map<Long, NavigableMap<Long, Long>> byProducer = new LinkedHashMap<>();

    private final Map<Long, AbortedTransaction> byMarker = new LinkedHashMap<>();

    AbortedRanges(List<AbortedTransaction> aborted) {
        for (AbortedTransaction each : aborted) {
            byProducer
                    .computeIfAbsent(each.producerId(), ignored -> new TreeMap<>())
                    .put(each.firstOffset(), each.lastOffset());
            byMarker.put(each.lastOffset(), each);
        }
    }

    /** The transaction that the marker at an offset aborted; null if it aborted none. */
    @Nullable
    AbortedTransaction endedBy(long markerOffset) {
        return byMarker.get(markerOffset);
    }

    /** Whether a transactional batch of {@code producerId} at {@code offset} was aborted. */
    boolean contains(long producerId, long offset) {
        NavigableMap<Long, Long> ranges = byProducer.get(producerId);
        Map.Entry<Long, Long> range = ranges == null ? null : ranges.floorEntry(offset);
        return range != null && offset < range.getValue();
    }
}
