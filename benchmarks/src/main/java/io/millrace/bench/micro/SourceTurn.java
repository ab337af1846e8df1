package io.millrace.bench.micro;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.offset.OffsetStores;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Progress;
import io.millrace.connect.record.TransformChain;
import io.millrace.connect.source.AcknowledgedDelivery;
import io.millrace.connect.source.AppendStage;
import io.millrace.connect.source.CommitStage;
import io.millrace.connect.source.ConvertStage;
import io.millrace.connect.source.PollStage;
import io.millrace.connect.source.SourceContext;
import io.millrace.connect.source.SourcePipeline;
import io.millrace.connect.source.TopicMaker;
import io.millrace.connect.source.TopicRules;
import io.millrace.connect.source.TransformStage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
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

/** What a record costs on its way from a source that does nothing to a log that does nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SourceTurn {

    /** "bytes" is the runtime itself; the others add what their converter takes. */
    @Param({"bytes", "json", "schemas"})
    public String content = "bytes";

    private Pipeline pipeline = pipeline(content);

    private static Pipeline pipeline(String content) {
        LogClient log = MemoryLog.giving(List.of());
        FlowMeter flow = new FlowMeter(System::currentTimeMillis);
        ErrorTolerance<SourceRecord> errors = Parts.noTolerance();
        OffsetStores offsets = new OffsetStores(log, TopicSpec.compacted("offsets", 1, (short) 1));
        SourceTask task = new Task(Parts.records(content));
        SourceContext context =
                new SourceContext(Map.of(), offsets.of("bench", "").reader(), null, Parts.metrics());
        AppendStage append = new AppendStage(
                log.openAppender("bench", Map.of()),
                new TopicMaker(log, new TopicRules(List.of()), _ -> {}),
                AppendStage.Arrivals.counted(flow));
        CommitStage commit = new CommitStage("bench", new PositionLedger(), offsets.of("bench", ""));
        return new SourcePipeline(
                new PollStage(task, context, new Progress(System::currentTimeMillis), _ -> true),
                new TransformStage(new TransformChain<>(List.of()), errors),
                new ConvertStage(Parts.converters(content), errors),
                new AcknowledgedDelivery(task, append, commit, errors, _ -> () -> {}),
                flow);
    }

    /** Gives the same records at every poll. */
    private static final class Task extends SourceTask {

        private final List<SourceRecord> records;

        private Task(List<SourceRecord> records) {
            this.records = records;
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            // There is nothing to start.
        }

        @Override
        public List<SourceRecord> poll() {
            return records;
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
