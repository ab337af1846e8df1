package io.millrace.bench.micro;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.ReaderSpec;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.offset.SinkPositions;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Progress;
import io.millrace.connect.record.TransformChain;
import io.millrace.connect.sink.CommitStage;
import io.millrace.connect.sink.DecodeStage;
import io.millrace.connect.sink.PutStage;
import io.millrace.connect.sink.ReplayTopic;
import io.millrace.connect.sink.SinkContext;
import io.millrace.connect.sink.SinkPipeline;
import io.millrace.connect.sink.SinkReader;
import io.millrace.connect.sink.TransformStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.source.SourceRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a record costs on its way from a log that does nothing to a sink that does nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SinkTurn {

    private static final long COMMIT_MS = 1_000;

    /** "bytes" is the runtime itself; the others add what their converter takes. */
    @Param({"bytes", "json", "schemas"})
    public String content = "bytes";

    private Pipeline pipeline = pipeline(content);

    private static Pipeline pipeline(String content) {
        Converters converters = Parts.converters(content);
        LogClient log = MemoryLog.giving(stored(content, converters));
        Progress progress = new Progress(System::currentTimeMillis);
        FlowMeter flow = new FlowMeter(System::currentTimeMillis);
        ErrorTolerance<StoredRecord> errors = Parts.noTolerance();
        TopicSelection topics = new TopicSelection.Named(List.of(MemoryLog.PARTITION.topic()));
        SinkReader reader = new SinkReader(log, new ReaderSpec("bench", "bench", topics, Map.of()));
        SinkContext context = new SinkContext(Map.of(), reader, Parts.metrics(), null);
        SinkTask task = new Task();
        SinkPipeline.Stages stages = new SinkPipeline.Stages(
                reader,
                new DecodeStage(converters, errors, ReplayTopic.of("bench")),
                new TransformStage(new TransformChain<>(List.of()), errors),
                new PutStage(task, context, new PutStage.Shown(context, UnaryOperator.identity()), progress),
                new CommitStage(
                        task,
                        reader,
                        new SinkPositions(),
                        new CommitStage.Told(flow, progress),
                        new CommitStage.Schedule(COMMIT_MS, System::currentTimeMillis),
                        null));
        return new SinkPipeline(stages, new SinkPipeline.Surroundings(context, flow, null, null, _ -> {}, _ -> true));
    }

    private static List<StoredRecord> stored(String content, Converters converters) {
        List<StoredRecord> stored = new ArrayList<>();
        for (SourceRecord record : Parts.records(content)) {
            byte[] key = converters.key().fromConnectData(record.topic(), record.keySchema(), record.key());
            byte[] value = converters.value().fromConnectData(record.topic(), record.valueSchema(), record.value());
            stored.add(new StoredRecord(
                    MemoryLog.PARTITION,
                    stored.size(),
                    1_796_000_000_000L,
                    TimestampType.CREATE_TIME,
                    Payload.of(key, value)));
        }
        return stored;
    }

    /** Takes everything. */
    private static final class Task extends SinkTask {

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            // There is nothing to start.
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            // Taken.
        }

        @Override
        public void stop() {
            // There is nothing to stop.
        }
    }

    @Setup(Level.Trial)
    public void start() {
        pipeline = pipeline(content);
        pipeline.start();
    }

    @TearDown(Level.Trial)
    public void stop() {
        pipeline.stop(true, Duration.ofSeconds(1));
    }

    @Benchmark
    @OperationsPerInvocation(Parts.BATCH)
    public void record() {
        pipeline.step();
    }
}
