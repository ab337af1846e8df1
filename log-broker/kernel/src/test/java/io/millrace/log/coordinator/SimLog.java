package io.millrace.log.coordinator;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * A log in memory whose high watermark moves by itself, or by hand, and which refuses and loses records when told to.
 */
public final class SimLog implements CoordinatorLog {

    private record Batch(ByteBuffer bytes, long firstOffset, long lastOffset) {}

    private record Wait(long lastOffset, Promise<Errors> answer) {}

    private final List<Batch> batches = new ArrayList<>();
    private final Deque<Wait> waits = new ArrayDeque<>();
    private boolean commitsAtOnce = true;
    private long highWatermark;
    private Errors refusal = Errors.NONE;
    private Errors readFailure = Errors.NONE;
    private int reads;

    @Override
    public Append append(MemoryRecords batch) {
        if (refusal != Errors.NONE) {
            return new Append.Refused(refusal);
        }
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes())
                .put(batch.buffer().duplicate())
                .flip();
        long first = endOffset();
        MutableRecordBatch stored =
                MemoryRecords.readableRecords(bytes).batches().iterator().next();
        stored.setLastOffset(first + stored.lastOffset());
        batches.add(new Batch(bytes, first, stored.lastOffset()));
        if (commitsAtOnce) {
            commit();
        }
        return new Append.Appended(stored.lastOffset());
    }

    @Override
    public Append append(TransactionMarker marker) {
        return append(MemoryRecords.readableRecords(marker.batch(0)));
    }

    @Override
    public Promise<Errors> committed(long lastOffset) {
        Promise<Errors> answer = new Promise<>();
        if (lastOffset < highWatermark) {
            answer.complete(Errors.NONE);
        } else {
            waits.add(new Wait(lastOffset, answer));
        }
        return answer;
    }

    @Override
    public long startOffset() {
        return 0;
    }

    @Override
    public long endOffset() {
        return batches.isEmpty() ? 0 : batches.getLast().lastOffset() + 1;
    }

    @Override
    public Read read(long offset, int bytesMax) {
        reads++;
        if (readFailure != Errors.NONE) {
            return new Read.Failed(readFailure);
        }
        List<ByteBuffer> slice = new ArrayList<>();
        int size = 0;
        for (Batch each : batches) {
            boolean wanted = each.lastOffset() >= offset;
            if (wanted && (slice.isEmpty() || size + each.bytes().limit() <= bytesMax)) {
                slice.add(each.bytes().duplicate());
                size += each.bytes().limit();
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        slice.forEach(bytes::put);
        return new Read.Batches(MemoryRecords.readableRecords(bytes.flip()));
    }

    /** From now on, records are committed by {@link #commit} only. */
    public void commitByHand() {
        commitsAtOnce = false;
    }

    /** From now on, records are committed as they come; those that wait are, too. */
    public void commitAtOnce() {
        commitsAtOnce = true;
        commit();
    }

    public void commit() {
        highWatermark = endOffset();
        while (!waits.isEmpty() && waits.peek().lastOffset() < highWatermark) {
            waits.remove().answer().complete(Errors.NONE);
        }
    }

    /** Appends are refused with {@code error}, or taken again, if it is NONE. */
    public void refuse(Errors error) {
        refusal = error;
    }

    public void failReads(Errors error) {
        readFailure = error;
    }

    /** Whatever is not committed is gone. */
    public void loseUncommitted(Errors error) {
        batches.removeIf(each -> each.firstOffset() >= highWatermark);
        List<Wait> lost = new ArrayList<>(waits);
        waits.clear();
        lost.forEach(each -> each.answer().complete(error));
    }

    /** Appends what somebody else wrote. */
    public void appendForeign(CoordinatorRecord record) {
        append(MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(
                        0L,
                        Utils.toArray(record.key()),
                        record.value() == null ? null : Utils.toArray(record.value()))));
    }

    /** Appends the end of a producer's transaction. */
    public void appendMarker(long producerId, short producerEpoch, boolean committed) {
        append(new TransactionMarker(producerId, producerEpoch, committed, 0, 2));
    }

    /** Appends a control record that ends no transaction. */
    public void appendLeaderChange() {
        append(MemoryRecords.withLeaderChangeMessage(0, 0, 0, ByteBuffer.allocate(512), new LeaderChangeMessage()));
    }

    public int reads() {
        return reads;
    }

    /** All records in the order of the log. */
    public List<Record> records() {
        List<Record> all = new ArrayList<>();
        batches.forEach(each -> MemoryRecords.readableRecords(each.bytes().duplicate())
                .records()
                .forEach(all::add));
        return all;
    }
}
