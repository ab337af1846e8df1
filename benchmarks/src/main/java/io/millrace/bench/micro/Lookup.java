package io.millrace.bench.micro;

import io.millrace.bench.wire.Batch;
import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.server.disk.RealDisk;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.OpenSegments;
import io.millrace.log.storage.PartitionLog;
import io.millrace.log.storage.PendingSync;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.storage.SegmentConfig;
import io.millrace.log.types.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finds a record by its offset or time: through the index, and from there over headers of batches. The log has some
 * 50,000 batches of about 1 KB in four segments; the last is active, its index is in memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Lookup {

    private static final int SEGMENT_BYTES = 16 * 1024 * 1024;
    private static final int OPEN_MAX = 8;
    private static final int BATCHES = 60_000;
    private static final long BEGIN = 1_800_000_000_000L;
    private static final int RECORD_BYTES = 1000;
    private static final int READ_BYTES = 64 * 1024;

    private final ScratchFolder folder = new ScratchFolder();
    private final SplittableRandom chance = new SplittableRandom(1);
    private int activeFrom;
    private PartitionLog log = open(new ForgetfulDisk(), LogConfig.DEFAULTS);

    /** Each batch is a millisecond younger than the next. */
    @Setup
    public void fill() throws IOException {
        SegmentConfig segments = new SegmentConfig(SEGMENT_BYTES, Long.MAX_VALUE, 0, 4096, SEGMENT_BYTES);
        log = open(new RealDisk(folder.fresh()), LogConfig.DEFAULTS.withSegment(segments));
        Batch template = Batch.of(1, RECORD_BYTES, BEGIN);
        int perSegment = SEGMENT_BYTES / template.bytes().remaining();
        activeFrom = BATCHES / perSegment * perSegment;
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer batch = Batch.of(1, RECORD_BYTES, BEGIN + i).bytes();
            log.append(batch, 1, BEGIN + i);
        }
        PendingSync pending = log.pendingSync();
        pending.files().forEach(DiskFile::sync);
        log.synced(pending);
    }

    private static PartitionLog open(Disk disk, LogConfig config) {
        return PartitionLog.open(disk, new OpenSegments(OPEN_MAX), "orders-0", config, BEGIN);
    }

    @TearDown
    public void delete() throws IOException {
        log.close();
        folder.delete();
    }

    @Benchmark
    public long offsetInActiveSegment() {
        return find(chance.nextInt(activeFrom, BATCHES));
    }

    @Benchmark
    public long offsetInSealedSegment() {
        return find(chance.nextInt(activeFrom));
    }

    @Benchmark
    public @Nullable TimestampOffset timestamp() {
        return log.offsetForTimestamp(BEGIN + chance.nextInt(BATCHES));
    }

    private long find(long offset) {
        if (log.read(offset, READ_BYTES, Long.MAX_VALUE, true) instanceof ReadOutcome.Records records) {
            records.region().release();
            return records.nextOffset();
        }
        throw new IllegalStateException("offset " + offset + " is not in the log");
    }
}
