package io.millrace.log.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a log should hold, said as plainly as possible. */
final class LogModel {

    /** A record as it was appended. */
    record Entry(long offset, String value, long timestamp, int epoch) {
        @Override
        public String toString() {
            return offset + "=" + value;
        }
    }

    /** A batch of an idempotent producer. */
    record Sent(long producerId, int epoch, int sequence, List<String> values, long baseOffset) {
        long lastOffset() {
            return baseOffset + values.size() - 1;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, List<Sent>> sent = new TreeMap<>();
    /** Where batches begin: only there may a log end after a power cut. */
    private final List<Long> boundaries = new ArrayList<>(List.of(0L));

    private long start;
    private long end;

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    List<Entry> entries() {
        return entries.stream().filter(entry -> entry.offset() >= start).toList();
    }

    void append(List<String> values, long timestamp, int epoch) {
        for (String value : values) {
            entries.add(new Entry(end++, value, timestamp, epoch));
        }
        boundaries.add(end);
    }

    void sent(Sent batch) {
        sent.computeIfAbsent(batch.producerId(), id -> new ArrayList<>()).add(batch);
    }

    /** The batches of a producer's newest epoch that are in the log, oldest first, at most five. */
    List<Sent> remembered(long producerId) {
        List<Sent> all = sent.getOrDefault(producerId, List.of());
        int epoch = all.isEmpty() ? 0 : all.getLast().epoch();
        List<Sent> newest = all.stream()
                .filter(batch -> batch.epoch() == epoch && batch.baseOffset() >= start)
                .toList();
        return newest.subList(Math.max(0, newest.size() - 5), newest.size());
    }

    /** The last batch of a producer, deleted or not; null if it never sent one that is known. */
    @Nullable
    Sent last(long producerId) {
        List<Sent> all = sent.getOrDefault(producerId, List.of());
        return all.isEmpty() ? null : all.getLast();
    }

    void deleteBefore(long offset) {
        start = Math.max(start, offset);
    }

    /** A power cut took the end. */
    void truncate(long offset) {
        entries.removeIf(entry -> entry.offset() >= offset);
        boundaries.removeIf(boundary -> boundary > offset);
        sent.values().forEach(batches -> batches.removeIf(batch -> batch.lastOffset() >= offset));
        end = Math.max(offset, start);
        if (end > offset) {
            boundaries.add(end);
        }
    }

    boolean isBoundary(long offset) {
        return boundaries.contains(offset);
    }
}
