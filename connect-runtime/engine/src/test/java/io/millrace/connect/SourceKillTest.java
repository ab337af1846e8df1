package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.log.TransactionalAppender;
import io.millrace.connect.log.kafka.KafkaClientSettings;
import io.millrace.connect.log.kafka.KafkaLogClient;
import io.millrace.connect.offset.OffsetStores;
import io.millrace.connect.plugin.ClientPolicy;
import io.millrace.connect.plugin.ConfigVariables;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.secret.Keyring;
import io.millrace.connect.task.Lifecycle;
import io.millrace.connect.task.PipelineFactory;
import io.millrace.connect.task.RetryPolicy;
import io.millrace.connect.task.SourceTransactions;
import io.millrace.connect.task.TaskEnvironment;
import io.millrace.connect.task.TaskId;
import io.millrace.connect.task.TaskRunner;
import io.millrace.connect.task.TaskSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills a source task at each step on the way of its records, and lets another take its place: what readers of
 * committed records see, and where the positions stand.
 */
@ParameterizedClass
@EnumSource(WhichLog.class)
class SourceKillTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS = 40;
    private static final String STRINGS = "org.apache.kafka.connect.storage.StringConverter";

    private final WhichLog log;
    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final String topic = "numbers-" + id;
    private final String offsetTopic = "offsets-" + id;
    private final TaskId task = new TaskId("source-" + id, 0);

    /** Found once: that takes longer than a test. */
    private static Plugins plugins;

    private static Path keys;

    private LogClient client;
    private ScheduledExecutorService timer;

    SourceKillTest(WhichLog log) {
        this.log = log;
    }

    @BeforeAll
    static void findPlugins(@TempDir Path directory) {
        plugins = Plugins.discover(List.of(FixturePlugin.strictIn(directory)));
        keys = directory.resolve("secrets.key");
    }

    @AfterAll
    static void closePlugins() {
        plugins.close();
    }

    @BeforeEach
    void open() {
        client = new KafkaLogClient(KafkaClientSettings.of(log.bootstrapServers()));
        client.ensureTopic(new TopicSpec(topic, 1, (short) 1, Map.of()));
        timer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        client.close();
    }

    /** A worker that is there for one task. */
    private final class OneTask implements AutoCloseable {

        private final DoomedLog doom;
        private final OffsetStores offsets;
        private final TaskRunner runner;

        private OneTask(boolean exactlyOnce, DoomedLog doom, Map<String, String> config) {
            this.doom = doom;
            this.offsets = new OffsetStores(doom.client(), TopicSpec.compacted(offsetTopic, 1, (short) 1));
            TaskEnvironment environment =
                    new TaskEnvironment(plugins, doom.client(), offsets, new Metrics(), timer, settings(exactlyOnce));
            TaskSpec spec = new TaskSpec(
                    task,
                    plugins.connector("BoundarySource"),
                    config,
                    config,
                    new FlowMeter(System::currentTimeMillis),
                    new Alone());
            this.runner = new PipelineFactory(environment).runner(spec, new Lifecycle(status -> {}));
            runner.start();
        }

        private void awaitDeath() {
            await().atMost(PATIENCE).until(doom::isDead);
            runner.stop().join();
        }

        private void awaitPosition() {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(offsets.of(task.connector(), "").read())
                                    .containsEntry(Map.of("task", "0"), Map.of("next", (long) RECORDS)));
        }

        @Override
        public void close() {
            runner.stop().join();
            offsets.close();
        }
    }

    /** There never was a larger set of tasks. */
    private static final class Alone implements TaskSpec.Host {
        @Override
        public void usesTopic(String used) {
            // Nobody asks.
        }

        @Override
        public void fenceOlder() {
            // There are none.
        }

        @Override
        public void idle(boolean is) {
            // It has no schedule.
        }
    }

    private static TaskEnvironment.Settings settings(boolean exactlyOnce) {
        Map<String, String> converters = Map.of(
                "key.converter", STRINGS,
                "value.converter", STRINGS,
                "header.converter", "org.apache.kafka.connect.storage.SimpleHeaderConverter");
        return new TaskEnvironment.Settings(
                converters,
                new Secrets(plugins, ConfigVariables.of(plugins, "", Map.of()), Keyring.open(keys)),
                new SourceTransactions(exactlyOnce, "killed"),
                new TaskEnvironment.Pace(10, 10_000, new RetryPolicy(100, 1_000)),
                false,
                ClientPolicy.ALL);
    }

    private Map<String, String> config(String boundary) {
        Map<String, String> config = new HashMap<>();
        config.put("name", task.connector());
        config.put("connector.class", "BoundarySource");
        config.put("task.class", "io.millrace.connect.testkit.BoundarySourceTask");
        config.put("topic", topic);
        config.put("records", Integer.toString(RECORDS));
        config.put("commit.every", "7");
        config.put("after.poll", boundary.equals("connector") ? "commit" : "nothing");
        config.put("transaction.boundary", boundary);
        config.put("transaction.boundary.interval.ms", "1");
        // Nothing here ends because a transaction timed out.
        config.put("producer.override.transaction.timeout.ms", "800000");
        return config;
    }

    private List<String> committed() {
        return LogReading.committed(log, topic).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private static List<String> everyRecord() {
        return IntStream.range(0, RECORDS).mapToObj(number -> "0-" + number).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "TAKE_OVER, 1, poll",
        "IN_A_BATCH, 2, poll",
        "BEFORE_POSITIONS, 2, poll",
        "BEFORE_COMMIT, 2, poll",
        "AFTER_COMMIT, 2, poll",
        "BEFORE_COMMIT, 2, interval",
        "IN_A_BATCH, 3, connector",
        "BEFORE_COMMIT, 3, connector",
        "AFTER_COMMIT, 3, connector"
    })
    void everyRecordComesOnceWhateverKillsTheTask(DoomedLog.Step step, int times, String boundary) {
        Map<String, String> config = config(boundary);
        try (DoomedLog doom = new DoomedLog(client, offsetTopic, step, times);
                OneTask killed = new OneTask(true, doom, config)) {
            killed.awaitDeath();
            assertThat(committed()).as("it died on its way").hasSizeLessThan(RECORDS);

            try (OneTask successor = new OneTask(true, alive(), config)) {
                successor.awaitPosition();
                assertThat(committed()).containsExactlyElementsOf(everyRecord());
            }
            for (LogAppender zombie : doom.zombies()) {
                assertFenced((TransactionalAppender) zombie, step);
            }
            assertThat(committed()).as("the zombie writes nothing").containsExactlyElementsOf(everyRecord());
        }
    }

    private DoomedLog alive() {
        return new DoomedLog(client, offsetTopic, DoomedLog.Step.NEVER, 0);
    }

    private void assertFenced(TransactionalAppender zombie, DoomedLog.Step step) {
        OutgoingRecord late =
                new OutgoingRecord(topic, null, null, Payload.of(null, "late".getBytes(StandardCharsets.UTF_8)));
        LogFailure failure = catchThrowableOfType(LogFailure.class, () -> {
            zombie.append(List.of(late), new Unheard());
            zombie.commit();
        });
        assertThat(failure).isNotNull();
        if (step != DoomedLog.Step.TAKE_OVER) {
            assertThat(failure.category()).as(failure.getMessage()).isEqualTo(LogFailure.Category.STOP_TASK);
        }
    }

    /** A zombie does not listen. */
    private static final class Unheard implements AppendListener {
        @Override
        public void acknowledged(int index, AppendedAt position) {
            // Nobody is there.
        }

        @Override
        public void failed(int index, LogFailure failure) {
            // Nobody is there.
        }
    }

    @Test
    void withoutTransactionsTheSameKillBringsRecordsTwice() {
        Map<String, String> config = config("poll");
        try (DoomedLog doom = new DoomedLog(client, offsetTopic, DoomedLog.Step.BEFORE_POSITIONS, 1);
                OneTask killed = new OneTask(false, doom, config)) {
            killed.awaitDeath();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(committed()).isNotEmpty());

            try (OneTask successor = new OneTask(false, alive(), config)) {
                successor.awaitPosition();
                assertThat(committed()).hasSizeGreaterThan(RECORDS).containsAll(everyRecord());
            }
        }
    }
}
