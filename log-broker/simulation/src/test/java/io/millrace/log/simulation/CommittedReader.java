package io.millrace.log.simulation;

import io.millrace.log.storage.PartitionLog;
import io.millrace.log.storage.ReadOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * Reads as a consumer with isolation.level=read_committed does: of each fetched piece it is told which transactions
 * were aborted, and passes over the batches of their producers from the first offset on until it meets the marker.
 */
final class CommittedReader {

    /** As a Fetch answer tells of it. */
    record Aborted(long producerId, long firstOffset) {}

    private final long from;
    private final List<String> seen = new ArrayList<>();

    /** What it sees of a log from an offset on, up to the last stable offset. */
    static List<String> read(PartitionLog log, long offset, long stable) {
        CommittedReader reader = new CommittedReader(offset);
        long next = offset;
        while (log.read(next, 1000, stable, true) instanceof ReadOutcome.Records records) {
            ByteBuffer bytes = ByteBuffer.allocate(records.region().size());
            records.region().read(bytes, 0);
            records.region().release();
            reader.fetched(
                    bytes.flip(),
                    log.abortedTransactions(next, records.nextOffset()).stream()
                            .map(each -> new Aborted(each.producerId(), each.firstOffset()))
                            .toList());
            next = records.nextOffset();
        }
        return reader.seen();
    }

    CommittedReader(long from) {
        this.from = from;
    }

    /** Every record that was seen, as "offset=value"; of records with keys the key stands before the value. */
    List<String> seen() {
        return seen;
    }

    void fetched(ByteBuffer records, List<Aborted> aborted) {
        Deque<Aborted> ahead = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(Aborted::firstOffset))
                .toList());
        Set<Long> producers = new TreeSet<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(records).batches()) {
            while (!ahead.isEmpty() && ahead.getFirst().firstOffset() <= batch.lastOffset()) {
                producers.add(ahead.removeFirst().producerId());
            }
            if (batch.isControlBatch()) {
                if (isAbort(batch)) {
                    producers.remove(batch.producerId());
                }
            } else if (!batch.isTransactional() || !producers.contains(batch.producerId())) {
                take(batch);
            }
        }
    }

    private static boolean isAbort(MutableRecordBatch batch) {
        Iterator<Record> markers = batch.iterator();
        return markers.hasNext() && ControlRecordType.parse(markers.next().key()) == ControlRecordType.ABORT;
    }

    private void take(MutableRecordBatch batch) {
        for (Record item : batch) {
            if (item.offset() >= from) {
                String key = item.hasKey() ? StandardCharsets.UTF_8.decode(item.key()) + "=" : "";
                String value = item.hasValue()
                        ? StandardCharsets.UTF_8.decode(item.value()).toString()
                        : "";
                seen.add(item.offset() + "=" + key + value);
            }
        }
    }
}
