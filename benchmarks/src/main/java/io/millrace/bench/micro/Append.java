package io.millrace.bench.micro;

import io.millrace.bench.wire.Batch;
import io.millrace.log.disk.Disk;
import io.millrace.log.server.disk.RealDisk;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.OpenSegments;
import io.millrace.log.storage.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One batch into a partition: checked, given offsets, written, indexed. Not synced. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Append {

    private static final int RECORD_BYTES = 1024;
    private static final long NOW = 1_800_000_000_000L;

    /** "none" forgets what is written: the difference is what the operating system takes. */
    @Param({"none", "file"})
    public String disk = "none";

    @Param({"1024", "16384", "131072"})
    public int batchBytes = 1024;

    private final ScratchFolder folder = new ScratchFolder();
    private ByteBuffer records = ByteBuffer.allocate(0);
    private PartitionLog log = open(new ForgetfulDisk());

    private static PartitionLog open(Disk disk) {
        return PartitionLog.open(disk, new OpenSegments(1), "orders-0", LogConfig.DEFAULTS, NOW);
    }

    /** Each iteration has a new log, so that files do not grow for ever. */
    @Setup(Level.Iteration)
    public void newLog() throws IOException {
        records = Batch.filling(batchBytes, RECORD_BYTES, NOW).bytes();
        log = open(disk.equals("file") ? new RealDisk(folder.fresh()) : new ForgetfulDisk());
    }

    @TearDown(Level.Iteration)
    public void deleteLog() throws IOException {
        log.close();
        folder.delete();
    }

    @Benchmark
    public AppendOutcome append() {
        return log.append(records.rewind(), 1, NOW);
    }
}
