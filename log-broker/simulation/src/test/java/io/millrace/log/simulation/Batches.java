package io.millrace.log.simulation;

import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches as producers send them, made by Kafka's own client library. */
final class Batches {

    private Batches() {}

    /** One uncompressed batch with a record for each value, all of one timestamp. */
    static ByteBuffer batch(long timestamp, String... values) {
        return direct(MemoryRecords.withRecords(Compression.NONE, records(timestamp, values))
                .buffer());
    }

    static ByteBuffer compressed(Compression compression, long timestamp, String... values) {
        return direct(MemoryRecords.withRecords(compression, records(timestamp, values))
                .buffer());
    }

    static ByteBuffer idempotent(long producerId, int epoch, int sequence, String... values) {
        return idempotentAt(1, producerId, epoch, sequence, values);
    }

    static ByteBuffer idempotentAt(long timestamp, long producerId, int epoch, int sequence, String... values) {
        return direct(MemoryRecords.withIdempotentRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        0,
                        Compression.NONE,
                        producerId,
                        (short) epoch,
                        sequence,
                        0,
                        records(timestamp, values))
                .buffer());
    }

    static ByteBuffer transactional(long producerId, int epoch, int sequence, String... values) {
        return direct(MemoryRecords.withTransactionalRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        0,
                        Compression.NONE,
                        producerId,
                        (short) epoch,
                        sequence,
                        0,
                        records(1, values))
                .buffer());
    }

    /** One batch of records with a timestamp each, with keys. */
    static ByteBuffer timed(Compression compression, long... timestamps) {
        SimpleRecord[] records = new SimpleRecord[timestamps.length];
        for (int i = 0; i < timestamps.length; i++) {
            records[i] = new SimpleRecord(timestamps[i], bytes("key"), bytes("at " + timestamps[i]));
        }
        return direct(MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2, 0, compression, TimestampType.CREATE_TIME, records)
                .buffer());
    }

    static ByteBuffer together(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocateDirect(size);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    private static SimpleRecord[] records(long timestamp, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(timestamp, bytes(values[i]));
        }
        return records;
    }

    /** Makes the records of a batch unreadable, under a CRC that is right: what a faulty producer may send. */
    static void spoilRecords(ByteBuffer batch) {
        for (int at = BatchHeader.BYTES; at < batch.limit(); at++) {
            batch.put(at, (byte) 0xff);
        }
        batch.putInt(BatchHeader.CRC_AT, BatchHeader.computeCrc(batch, 0, new CRC32C()));
    }

    /** Every record as "offset=value", without markers of transactions. */
    static List<String> decode(ByteBuffer stored) {
        List<String> found = new ArrayList<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(stored).batches()) {
            batch.ensureValid();
            if (batch.isControlBatch()) {
                continue;
            }
            for (Record item : batch) {
                String value =
                        StandardCharsets.UTF_8.decode(item.value().duplicate()).toString();
                found.add(item.offset() + "=" + value);
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer direct(ByteBuffer heap) {
        return ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
    }
}
