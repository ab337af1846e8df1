package io.millrace.log.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a log should hold, said as plainly as possible. */
final class LogModel {

    /**
     * A record as it was appended.
     *
     * @param transaction of which it is part, or null
     */
    record Entry(
            long offset,
            String value,
            long timestamp,
            int epoch,
            @Nullable Transaction transaction) {
        @Override
        public String toString() {
            return offset + "=" + value;
        }
    }

    /** A transaction of one producer; open as long as it has no marker. */
    static final class Transaction {
        private final long producerId;
        private final long firstOffset;
        private long markerOffset = OPEN;
        private boolean committed;

        Transaction(long producerId, long firstOffset) {
            this.producerId = producerId;
            this.firstOffset = firstOffset;
        }

        boolean isOpen() {
            return markerOffset == OPEN;
        }
    }

    private static final long OPEN = Long.MAX_VALUE;

    /** A batch of an idempotent producer. */
    record Sent(long producerId, int epoch, int sequence, List<String> values, long baseOffset) {
        long lastOffset() {
            return baseOffset + values.size() - 1;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, Entry> markers = new TreeMap<>();
    private final Map<Long, List<Sent>> sent = new TreeMap<>();
    /** Where batches begin: only there may a log end after a power cut. */
    private final List<Long> boundaries = new ArrayList<>(List.of(0L));

    /** In the order in which they began. */
    private final List<Transaction> transactions = new ArrayList<>();

    private long start;
    private long end;

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    /** Deleted ones as well. */
    List<Entry> allEntries() {
        return entries;
    }

    List<Entry> entries() {
        return entries.stream().filter(entry -> entry.offset() >= start).toList();
    }

    void append(List<String> values, long timestamp, int epoch) {
        append(values, timestamp, epoch, null);
    }

    private void append(List<String> values, long timestamp, int epoch, @Nullable Transaction transaction) {
        for (String value : values) {
            entries.add(new Entry(end++, value, timestamp, epoch, transaction));
        }
        boundaries.add(end);
    }

    /** Appends records of the transaction that a producer has open, or begins one. */
    void appendTransactional(long producerId, List<String> values, long timestamp, int epoch) {
        Transaction transaction = openTransaction(producerId);
        if (transaction == null) {
            transaction = new Transaction(producerId, end);
            transactions.add(transaction);
        }
        append(values, timestamp, epoch, transaction);
    }

    /** A marker, which is shown to nobody. */
    void endTransaction(long producerId, boolean committed, long timestamp, int epoch) {
        Transaction transaction = openTransaction(producerId);
        if (transaction != null) {
            transaction.markerOffset = end;
            transaction.committed = committed;
        }
        markers.put(end, new Entry(end, "", timestamp, epoch, null));
        end++;
        boundaries.add(end);
    }

    @Nullable
    Transaction openTransaction(long producerId) {
        for (Transaction transaction : transactions) {
            if (transaction.producerId == producerId && transaction.isOpen()) {
                return transaction;
            }
        }
        return null;
    }

    /** The first offset that a transaction holds back whose marker is not below {@code highWatermark}. */
    long stable(long highWatermark) {
        long first = transactions.stream()
                .filter(transaction -> transaction.markerOffset >= highWatermark)
                .mapToLong(transaction -> transaction.firstOffset)
                .min()
                .orElse(highWatermark);
        return Math.min(highWatermark, Math.max(start, first));
    }

    /**
     * As {@link #stable}, if a recovery has found transactions by their records: those of which all records were
     * deleted are forgotten, others begin at the first record that is left.
     */
    long stableByRecords(long highWatermark) {
        long first = entries().stream()
                .filter(entry -> entry.transaction() != null && entry.transaction().markerOffset >= highWatermark)
                .mapToLong(Entry::offset)
                .min()
                .orElse(highWatermark);
        return Math.min(highWatermark, first);
    }

    /** Whether records of any transaction of a producer are left. */
    boolean hasRecords(long producerId) {
        return entries().stream()
                .anyMatch(entry -> entry.transaction() != null && entry.transaction().producerId == producerId);
    }

    /** Whether records of the transaction that a producer has open are left. */
    boolean hasOpenRecords(long producerId) {
        Transaction open = openTransaction(producerId);
        return open != null && entries().stream().anyMatch(entry -> entry.transaction() == open);
    }

    /** What a reader of committed transactions sees. */
    List<Entry> committedEntries(long stable) {
        return entries().stream()
                .filter(entry -> entry.offset() < stable)
                .filter(entry -> entry.transaction() == null || entry.transaction().committed)
                .toList();
    }

    /** Markers, as entries that only have an offset, an epoch and a time. */
    List<Entry> markers() {
        return markers.values().stream()
                .filter(marker -> marker.offset() >= start)
                .toList();
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
        markers.keySet().removeIf(marker -> marker >= offset);
        transactions.removeIf(transaction -> transaction.firstOffset >= offset);
        transactions.stream()
                .filter(transaction -> transaction.markerOffset >= offset)
                .forEach(transaction -> transaction.markerOffset = OPEN);
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
