package io.millrace.bench.wire;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A record batch as a producer sends it, not compressed, with the same content in every run.
 *
 * @param bytes a direct buffer, not to be changed
 */
public record Batch(ByteBuffer bytes, int records) {

    private static final long SEED = 4_300_100;

    /** As many records of a size as fit into a batch of about so many bytes, at least one. */
    public static Batch filling(int batchBytes, int recordBytes) {
        return filling(batchBytes, recordBytes, System.currentTimeMillis());
    }

    /** The same, of records with a timestamp in milliseconds. */
    public static Batch filling(int batchBytes, int recordBytes, long timestamp) {
        return of(Math.max(1, batchBytes / recordBytes), recordBytes, timestamp);
    }

    public static Batch of(int records, int recordBytes, long timestamp) {
        Random content = new Random(SEED);
        SimpleRecord[] all = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[recordBytes];
            content.nextBytes(value);
            all[i] = new SimpleRecord(timestamp, value);
        }
        ByteBuffer made = MemoryRecords.withRecords(Compression.NONE, all).buffer();
        return new Batch(ByteBuffer.allocateDirect(made.remaining()).put(made).flip(), records);
    }
}
