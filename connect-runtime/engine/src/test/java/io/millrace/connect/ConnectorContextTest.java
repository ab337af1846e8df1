package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnectorContext;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connector asks of the runtime by its context, and what the runtime asks it about its positions. */
class ConnectorContextTest {

    private static final Map<String, String> TABLE = Map.of("table", "a");

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    /** The kinds of connectors, with what they do. */
    enum Kind {
        SOURCE {
            @Override
            String lay(String name, Notes notes) {
                ScriptedSourceConnector.lay(name, notes.asSource());
                return ScriptedSourceConnector.class.getName();
            }
        },
        SINK {
            @Override
            String lay(String name, Notes notes) {
                ScriptedSinkConnector.lay(name, notes.asSink());
                return ScriptedSinkConnector.class.getName();
            }
        };

        abstract String lay(String name, Notes notes);
    }

    /** Keeps what it is given, and makes as many tasks as it is told to. */
    static final class Notes {

        final List<ConnectorContext> contexts = new CopyOnWriteArrayList<>();
        final List<Map<?, ?>> asked = new CopyOnWriteArrayList<>();
        final List<Map<?, ?>> read = new CopyOnWriteArrayList<>();
        final AtomicInteger taskStarts = new AtomicInteger();
        volatile int tasks = 1;
        volatile @Nullable RuntimeException refusal;

        ConnectorContext last() {
            return contexts.getLast();
        }

        private void started(ConnectorContext context) {
            count(context.pluginMetrics());
            contexts.add(context);
        }

        private static void count(PluginMetrics metrics) {
            var name = metrics.metricName("answer", "what a plugin counts", new LinkedHashMap<>());
            metrics.addMetric(name, (Measurable) (config, now) -> 42);
        }

        private List<Map<String, String>> tasks(Map<String, String> config) {
            return IntStream.range(0, tasks)
                    .<Map<String, String>>mapToObj(number -> {
                        Map<String, String> task = new HashMap<>(config);
                        task.put("number", Integer.toString(number));
                        return task;
                    })
                    .toList();
        }

        private boolean altered(Map<?, ?> offsets) {
            asked.add(offsets);
            RuntimeException thrown = refusal;
            if (thrown != null) {
                throw thrown;
            }
            return true;
        }

        ScriptedSinkConnector.Script asSink() {
            return new ScriptedSinkConnector.Script() {
                @Override
                public void started(SinkConnectorContext context) {
                    Notes.this.started(context);
                }

                @Override
                public List<Map<String, String>> tasks(Map<String, String> config) {
                    return Notes.this.tasks(config);
                }

                @Override
                public boolean altered(Map<String, String> config, Map<TopicPartition, Long> offsets) {
                    return Notes.this.altered(offsets);
                }

                @Override
                public void taskStarted(SinkTaskContext context, Map<String, String> config) {
                    count(context.pluginMetrics());
                    taskStarts.incrementAndGet();
                }
            };
        }

        ScriptedSourceConnector.Script asSource() {
            return new ScriptedSourceConnector.Script() {
                @Override
                public void started(SourceConnectorContext context) {
                    Map<String, Object> position = context.offsetStorageReader().offset(TABLE);
                    read.add(position == null ? Map.of() : position);
                    Notes.this.started(context);
                }

                @Override
                public List<Map<String, String>> tasks(Map<String, String> config) {
                    return Notes.this.tasks(config);
                }

                @Override
                public boolean altered(Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
                    return Notes.this.altered(offsets);
                }

                @Override
                public void taskStarted(SourceTaskContext context, Map<String, String> config) {
                    count(context.pluginMetrics());
                    assertThat(context.configs()).isEqualTo(config);
                    read.add(context.offsetStorageReader().offsets(Set.of(TABLE, Map.of("table", "b"))));
                    taskStarts.incrementAndGet();
                }
            };
        }
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(WhichLog.MILLRACE, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private Notes run(Kind kind) {
        Notes notes = new Notes();
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", kind.lay(fixture.name("script"), notes));
        config.put("script", fixture.name("script"));
        config.put("tasks.max", "3");
        if (kind == Kind.SINK) {
            config.put("topics", fixture.name("read"));
            LogReading.createTopic(WhichLog.MILLRACE, fixture.name("read"), 1);
        }
        fixture.create("asks", config);
        fixture.awaitTask("asks", "RUNNING");
        return notes;
    }

    private void stop() {
        fixture.rest().put(fixture.path("asks") + "/stop");
        fixture.awaitConnector("asks", "STOPPED");
        await().until(() ->
                fixture.rest().get(fixture.path("asks") + "/tasks").body().isEmpty());
    }

    private RestClient.Answer alter(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
        Map<String, Object> entry = new HashMap<>();
        entry.put("partition", partition);
        entry.put("offset", offset);
        return fixture.rest().patch(fixture.path("asks") + "/offsets", Map.of("offsets", List.of(entry)));
    }

    private String offsets() {
        return fixture.rest().get(fixture.path("asks") + "/offsets").body().toString();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void getsOtherTasksWhenItAsksForThem(Kind kind) {
        Notes notes = run(kind);

        notes.tasks = 3;
        notes.last().requestTaskReconfiguration();

        await().untilAsserted(() -> {
            var tasks =
                    fixture.rest().get(fixture.path("asks") + "/status").body().path("tasks");
            assertThat(tasks)
                    .hasSize(3)
                    .allSatisfy(task -> assertThat(task.path("state").asText()).isEqualTo("RUNNING"));
        });
        assertThat(notes.taskStarts).as("a task with the same config goes on").hasValue(3);
        assertThat(notes.contexts).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void failsWithTheErrorThatItRaises(Kind kind) {
        Notes notes = run(kind);

        notes.last().raiseError(new ConfigException("the table was dropped"));

        fixture.awaitConnector("asks", "FAILED");
        assertThat(fixture.rest()
                        .get(fixture.path("asks") + "/status")
                        .body()
                        .at("/connector/trace")
                        .asText())
                .contains("the table was dropped");
        assertThat(fixture.taskState("asks")).isEqualTo("RUNNING");
    }

    @Test
    void isStartedAnewAfterAnErrorThatMayPass() {
        Notes notes = run(Kind.SOURCE);

        notes.last().raiseError(new ConnectException("the system has gone away"));

        await().until(() -> notes.contexts.size() == 2);
        fixture.awaitConnector("asks", "RUNNING");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void mayAskForNothingOnceItHasBeenStopped(Kind kind) {
        Notes notes = run(kind);
        stop();

        assertThatThrownBy(() -> notes.last().requestTaskReconfiguration()).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> notes.last().raiseError(new ConnectException("too late")))
                .isInstanceOf(ConnectException.class);

        assertThat(fixture.connectorState("asks")).isEqualTo("STOPPED");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void countsOverJmxUntilItIsStopped(Kind kind) throws MalformedObjectNameException {
        Notes notes = run(kind);
        ObjectName names = new ObjectName("kafka.connect:type=plugins,connector=%s,*".formatted(fixture.name("asks")));

        await().until(() -> beans(names).size() == 2);
        fixture.rest().post(fixture.path("asks") + "/restart?includeTasks=true", Map.of());
        await().until(() -> notes.contexts.size() == 2 && notes.taskStarts.get() == 2);
        fixture.awaitConnector("asks", "RUNNING");
        fixture.awaitTask("asks", "RUNNING");
        await().until(() -> beans(names).size() == 2);
        stop();
        await().until(() -> beans(names).isEmpty());
    }

    private static Set<ObjectName> beans(ObjectName pattern) {
        return ManagementFactory.getPlatformMBeanServer().queryNames(pattern, null);
    }

    @Test
    void aSourceReadsThePositionsThatWereSetAfterItWasAsked() {
        Notes notes = run(Kind.SOURCE);
        stop();

        RestClient.Answer answer = alter(TABLE, Map.of("row", 5));
        fixture.rest().put(fixture.path("asks") + "/resume");
        fixture.awaitTask("asks", "RUNNING");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.message()).isEqualTo("The offsets for this connector have been altered successfully");
        assertThat(notes.asked).containsExactly(Map.of(TABLE, Map.of("row", 5L)));
        Map<Map<String, String>, @Nullable Map<String, Object>> both = new HashMap<>();
        both.put(TABLE, Map.of("row", 5L));
        both.put(Map.of("table", "b"), null);
        assertThat(notes.read.subList(2, 4)).containsExactly(Map.of("row", 5L), both);
    }

    @Test
    void aSinkIsAskedBeforeItsOffsetsAreSet() {
        Notes notes = run(Kind.SINK);
        stop();
        TopicPartition partition = new TopicPartition(fixture.name("read"), 0);
        Map<String, Object> named = Map.of("kafka_topic", partition.topic(), "kafka_partition", 0);

        assertThat(alter(named, Map.of("kafka_offset", 5)).message())
                .isEqualTo("The offsets for this connector have been altered successfully");
        assertThat(offsets()).contains("\"kafka_offset\":5");
        assertThat(alter(named, null).status()).isEqualTo(200);
        assertThat(offsets()).doesNotContain("kafka_offset");

        Map<TopicPartition, @Nullable Long> none = new HashMap<>();
        none.put(partition, null);
        assertThat(notes.asked).containsExactly(Map.of(partition, 5L), none);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void positionsThatItRefusesAreNotSet(Kind kind) {
        Notes notes = run(kind);
        stop();
        Map<String, ?> partition =
                kind == Kind.SOURCE ? TABLE : Map.of("kafka_topic", fixture.name("read"), "kafka_partition", 0);
        Map<String, ?> offset = kind == Kind.SOURCE ? Map.of("row", 5) : Map.of("kafka_offset", 5);

        notes.refusal = new ConnectException("there is no such row");
        RestClient.Answer refused = alter(partition, offset);
        notes.refusal = new UnsupportedOperationException();
        RestClient.Answer unsupported = alter(partition, offset);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("there is no such row");
        assertThat(unsupported.status()).isEqualTo(500);
        assertThat(unsupported.message()).contains("doesn't support external modification of offsets");
        assertThat(offsets()).isEqualTo("{\"offsets\":[]}");
    }
}
