package io.millrace.bench.micro;

import io.millrace.bench.wire.Batch;
import io.millrace.log.record.RecordRules;
import io.millrace.log.record.RecordsValidator;
import io.millrace.log.record.Refusal;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The check of a batch before it is appended: frame, CRC, counts, kind, timestamps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Validation {

    private static final int RECORD_BYTES = 100;
    private static final long NOW = 1_800_000_000_000L;

    @Param({"1024", "16384", "131072"})
    public int batchBytes = 1024;

    private final RecordsValidator validator = new RecordsValidator();
    private ByteBuffer records = ByteBuffer.allocate(0);

    @Setup
    public void makeBatch() {
        records = Batch.filling(batchBytes, RECORD_BYTES, NOW).bytes();
    }

    /** Null: the batch is good. */
    @Benchmark
    public @Nullable Refusal check() {
        return validator.check(records, RecordRules.DEFAULTS, NOW);
    }
}
