package io.millrace.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.TableTopic;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.offset.OffsetStores;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.record.ByteArrayConverter;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Progress;
import io.millrace.connect.record.TransformChain;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A source is not polled for ever while the log does not answer. */
class SilentLogTest {

    private static final int BATCH = 1_000;
    private static final AppendedAt SOMEWHERE = new AppendedAt(new TopicPartition("numbers", 0), 0, 0);

    private final SilentLog log = new SilentLog();
    private final EndlessSource source = new EndlessSource();
    private final SourcePipeline pipeline = pipeline();

    /** Takes everything, and answers when it is told to. */
    private static final class SilentLog implements LogAppender {

        private final List<Runnable> answers = new ArrayList<>();

        @Override
        public void append(List<OutgoingRecord> batch, AppendListener listener) {
            for (int i = 0; i < batch.size(); i++) {
                int index = i;
                answers.add(() -> listener.acknowledged(index, SOMEWHERE));
            }
        }

        private void answer() {
            answers.forEach(Runnable::run);
            answers.clear();
        }

        @Override
        public void flush() {
            answer();
        }

        @Override
        public void close(Duration timeout) {
            answer();
        }
    }

    /** Always has more. */
    private static final class EndlessSource extends SourceTask {

        private static final List<SourceRecord> RECORDS = Collections.nCopies(
                BATCH,
                new SourceRecord(Map.of("n", 1), Map.of("next", 1), "numbers", Schema.BYTES_SCHEMA, new byte[1]));

        private int polls;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            // It has everything.
        }

        @Override
        public List<SourceRecord> poll() {
            polls++;
            return RECORDS;
        }

        @Override
        public void stop() {
            // It holds nothing.
        }
    }

    private SourcePipeline pipeline() {
        LogClient client = (LogClient) Proxy.newProxyInstance(
                SilentLogTest.class.getClassLoader(),
                new Class<?>[] {LogClient.class},
                (_, method, _) -> switch (method.getName()) {
                    case "ensureTopic" -> false;
                    case "openTable" -> new EmptyTable();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        FlowMeter flow = new FlowMeter(() -> 0);
        ErrorTolerance<SourceRecord> errors =
                new ErrorTolerance<>(new ErrorPolicy(0, 0, false, false, false), List.of(), _ -> true);
        OffsetStores offsets = new OffsetStores(client, TopicSpec.compacted("offsets", 1, (short) 1));
        ByteArrayConverter bytes = new ByteArrayConverter();
        Converters.Types types = new Converters.Types(bytes.getClass(), bytes.getClass(), bytes.getClass());
        SourceContext context = new SourceContext(
                Map.of(), offsets.of("numbers", "").reader(), null, new PluginMetricsImpl(new Metrics(), Map.of()));
        AppendStage append = new AppendStage(
                log, new TopicMaker(client, new TopicRules(List.of()), _ -> {}), AppendStage.Arrivals.counted(flow));
        CommitStage commit = new CommitStage("numbers", new PositionLedger(), offsets.of("numbers", ""));
        return new SourcePipeline(
                new PollStage(source, context, new Progress(() -> 0), _ -> true),
                new TransformStage(new TransformChain<>(List.of()), errors),
                new ConvertStage(new Converters(bytes, bytes, bytes, types), errors),
                new AcknowledgedDelivery(source, append, commit, errors, _ -> () -> {}),
                flow);
    }

    /** Stays empty. */
    private static final class EmptyTable implements TableTopic {

        @Override
        public CompletableFuture<AppendedAt> put(byte[] key, byte @Nullable [] value) {
            return CompletableFuture.completedFuture(SOMEWHERE);
        }

        @Override
        public void readToEnd(Duration timeout) {
            // There is nothing.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    @Test
    void pollsNoMoreOnceSoManyRecordsAreUnansweredAndGoesOnWhenTheyAre() {
        int room = Delivery.IN_FLIGHT_MAX / BATCH;
        pipeline.start();
        for (int turn = 0; turn < room; turn++) {
            pipeline.step();
        }
        assertThat(source.polls).isEqualTo(room);

        pipeline.step();
        assertThat(source.polls).as("polls while nothing is answered").isEqualTo(room);

        log.answer();
        pipeline.step();
        assertThat(source.polls).isEqualTo(room + 1);
        pipeline.stop(true, Duration.ZERO);
    }
}
