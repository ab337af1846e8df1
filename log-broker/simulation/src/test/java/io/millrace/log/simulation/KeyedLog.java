package io.millrace.log.simulation;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.CleanupPolicy;
import io.millrace.log.storage.CompactionConfig;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.OpenSegments;
import io.millrace.log.storage.PartitionLog;
import io.millrace.log.storage.PendingSync;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.storage.RetentionConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A compacted log on a simulated disk. Records are written as "key=value", tombstones as "key". */
final class KeyedLog {

    static final String DIRECTORY = "offsets-0";
    static final long TOMBSTONE_MS = 5000;
    static final CompactionConfig EAGER = new CompactionConfig(0, Long.MAX_VALUE, 0, TOMBSTONE_MS, 1000);

    private static final int EPOCH = 1;

    final SimDisk sim;
    final CrashingDisk disk;
    LogConfig config;
    long nowMillis = 1_000_000;
    PartitionLog log;

    KeyedLog(long seed, int segmentBytes, CompactionConfig compaction) {
        sim = new SimDisk(seed);
        disk = new CrashingDisk(sim);
        config = LogFixture.segmentsOf(segmentBytes)
                .withRetention(new RetentionConfig(
                        RetentionConfig.UNLIMITED, RetentionConfig.UNLIMITED, CleanupPolicy.COMPACT))
                .withCompaction(compaction);
        log = PartitionLog.open(disk, new OpenSegments(LogFixture.OPEN_MAX), DIRECTORY, config, nowMillis);
    }

    void configure(LogConfig changed) {
        config = changed;
        log.reconfigure(changed);
    }

    AppendOutcome append(String... records) {
        return append(batch(Compression.NONE, RecordBatch.NO_PRODUCER_ID, -1, records));
    }

    AppendOutcome append(ByteBuffer batch) {
        return log.append(batch, EPOCH, nowMillis);
    }

    ByteBuffer batch(Compression compression, long producerId, int sequence, String... records) {
        return batch(compression, producerId, sequence, false, records);
    }

    /** Sends a batch of a transaction. */
    AppendOutcome send(long producerId, int sequence, String... records) {
        return append(batch(Compression.NONE, producerId, sequence, true, records));
    }

    AppendOutcome end(long producerId, boolean committed) {
        return log.endTransaction(new TransactionMarker(producerId, (short) 0, committed, 1, 1), EPOCH, nowMillis);
    }

    /** What a reader of committed transactions finds, when everything durable is committed. */
    List<String> readCommitted() {
        log.committedBelow(log.durableEndOffset());
        return CommittedReader.read(log, log.logStartOffset(), log.lastStableOffset(log.durableEndOffset()));
    }

    private ByteBuffer batch(
            Compression compression, long producerId, int sequence, boolean transactional, String... records) {
        SimpleRecord[] parsed = new SimpleRecord[records.length];
        for (int i = 0; i < records.length; i++) {
            String[] parts = records[i].split("=", 2);
            parsed[i] = new SimpleRecord(nowMillis, bytes(parts[0]), parts.length == 1 ? null : bytes(parts[1]));
        }
        ByteBuffer built = MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        0,
                        compression,
                        TimestampType.CREATE_TIME,
                        producerId,
                        (short) (producerId < 0 ? -1 : 0),
                        sequence,
                        0,
                        transactional,
                        parsed)
                .buffer();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void commit() {
        PendingSync pending = log.pendingSync();
        try {
            pending.files().forEach(DiskFile::sync);
            log.synced(pending);
        } catch (DiskFailure e) {
            log.syncFailed(e);
        }
    }

    /** Appends each as a batch, and makes them durable. */
    void write(String... records) {
        for (String each : records) {
            append(each);
        }
        commit();
    }

    /** A whole pass, if one is due, when everything durable is committed. */
    int compact() {
        log.committedBelow(log.durableEndOffset());
        int steps = 0;
        while (log.compact(nowMillis)) {
            steps++;
        }
        return steps;
    }

    void reopen() {
        log = PartitionLog.open(disk, new OpenSegments(LogFixture.OPEN_MAX), DIRECTORY, config, nowMillis);
    }

    void restart() {
        log.close();
        reopen();
    }

    /** Stored batches from an offset on. */
    List<ByteBuffer> batchesFrom(long offset) {
        List<ByteBuffer> found = new ArrayList<>();
        long next = offset;
        while (log.read(next, 200, Long.MAX_VALUE, true) instanceof ReadOutcome.Records records) {
            ByteBuffer bytes = ByteBuffer.allocate(records.region().size());
            records.region().read(bytes, 0);
            records.region().release();
            int at = 0;
            while (at < bytes.capacity()) {
                ByteBuffer batch = bytes.slice(at, BatchHeader.sizeInBytes(bytes, at));
                if (BatchHeader.lastOffset(batch, 0) >= offset) {
                    found.add(batch);
                }
                at += batch.remaining();
            }
            next = records.nextOffset();
        }
        return found;
    }

    /** Records from an offset on, as "offset:key=value", tombstones as "offset:key", markers as "offset:COMMIT". */
    List<String> readFrom(long offset) {
        List<String> found = new ArrayList<>();
        for (ByteBuffer bytes : batchesFrom(offset)) {
            MutableRecordBatch batch =
                    MemoryRecords.readableRecords(bytes).batches().iterator().next();
            batch.ensureValid();
            for (Record item : batch) {
                if (item.offset() >= offset) {
                    found.add(batch.isControlBatch() ? marker(item) : shown(item));
                }
            }
        }
        return found;
    }

    List<String> readAll() {
        return readFrom(log.logStartOffset());
    }

    private static String marker(Record item) {
        return item.offset() + ":" + ControlRecordType.parse(item.key());
    }

    private static String shown(Record item) {
        String key = item.hasKey() ? StandardCharsets.UTF_8.decode(item.key()).toString() : "";
        String value = item.hasValue() ? "=" + StandardCharsets.UTF_8.decode(item.value()) : "";
        return item.offset() + ":" + key + value;
    }

    long segments() {
        return sim.list(DIRECTORY).stream()
                .filter(name -> name.endsWith(".log"))
                .count();
    }
}
