package io.millrace.log.simulation;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.OpenSegments;
import io.millrace.log.storage.PartitionLog;
import io.millrace.log.storage.PendingSync;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.storage.SegmentConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A log on a simulated disk, with what its owner does around it: group commits, crashes, restarts. */
final class LogFixture {

    static final String DIRECTORY = "orders-0";
    static final int EPOCH = 3;
    static final int OPEN_MAX = 8;

    final SimDisk disk;
    LogConfig config;
    long nowMillis = 1_000_000;
    PartitionLog log;

    LogFixture(long seed, LogConfig config) {
        this.disk = new SimDisk(seed);
        this.config = config;
        this.log = PartitionLog.open(disk, new OpenSegments(OPEN_MAX), DIRECTORY, config, nowMillis);
    }

    static LogConfig segmentsOf(int bytes) {
        return LogConfig.DEFAULTS.withSegment(new SegmentConfig(bytes, 3_600_000, 0, 128, 1 << 20));
    }

    AppendOutcome append(ByteBuffer records) {
        return log.append(records, EPOCH, nowMillis);
    }

    AppendOutcome append(String... values) {
        return append(Batches.batch(nowMillis, values));
    }

    /** Sends a batch of a transaction. */
    AppendOutcome send(long producerId, int producerEpoch, int sequence, String... values) {
        return append(Batches.transactional(producerId, producerEpoch, sequence, values));
    }

    /** Ends a transaction under the epoch of its batches. */
    AppendOutcome end(long producerId, int producerEpoch, boolean committed) {
        return end(new TransactionMarker(producerId, (short) producerEpoch, committed, 1, 1));
    }

    AppendOutcome end(TransactionMarker marker) {
        return log.endTransaction(marker, EPOCH, nowMillis);
    }

    /** One group commit. */
    void commit() {
        PendingSync pending = log.pendingSync();
        try {
            pending.files().forEach(DiskFile::sync);
            log.synced(pending);
        } catch (DiskFailure e) {
            log.syncFailed(e);
        }
    }

    void reopen() {
        log = PartitionLog.open(disk, new OpenSegments(OPEN_MAX), DIRECTORY, config, nowMillis);
    }

    void restart() {
        log.close();
        reopen();
    }

    void crash() {
        disk.crash();
        reopen();
    }

    void cutPower() {
        disk.cutPower();
        reopen();
    }

    /** The last stable offset when everything durable is committed. */
    long stable() {
        log.committedBelow(log.durableEndOffset());
        return log.lastStableOffset(log.durableEndOffset());
    }

    /** What a reader of committed transactions finds from an offset on, when everything durable is committed. */
    List<String> readCommitted(long offset) {
        return CommittedReader.read(log, offset, stable());
    }

    /** All records from {@code offset} on, as "offset=value". */
    List<String> readFrom(long offset) {
        List<String> found = new ArrayList<>();
        long next = offset;
        while (log.read(next, 1000, Long.MAX_VALUE, true) instanceof ReadOutcome.Records records) {
            for (String item : decode(records)) {
                if (Long.parseLong(item.substring(0, item.indexOf('='))) >= offset) {
                    found.add(item);
                }
            }
            next = records.nextOffset();
        }
        return found;
    }

    List<String> readAll() {
        return readFrom(log.logStartOffset());
    }

    static List<String> decode(ReadOutcome.Records records) {
        ByteBuffer bytes = ByteBuffer.allocate(records.region().size());
        records.region().read(bytes, 0);
        records.region().release();
        return Batches.decode(bytes.flip());
    }

    String file(String name) {
        return DIRECTORY + "/" + name;
    }
}
