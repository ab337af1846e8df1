package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A connector is as well as {@code /v1/pipelines} says: every fault shows, with its reason. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ConditionTest {

    /** How soon a fault must show; {@code -Dfault.shown.within=10} is what a quiet machine keeps. */
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(Integer.getInteger("fault.shown.within", 90));

    private static final String RECORDS = "numbers";

    private final WhichLog log;

    @TempDir
    private Path directory;

    ConditionTest(WhichLog log) {
        this.log = log;
    }

    /** What is told of when a failed part is tried again. */
    private enum Next {
        /** At that time. */
        TRIED,
        /** Not by itself. */
        NOT_TRIED,
        /** It has not failed. */
        NONE
    }

    /**
     * A connector with something wrong.
     *
     * @param config beyond what makes it a source or a sink
     * @param reason a part of the reason
     */
    private record Fault(
            String name, boolean source, Map<String, String> config, String state, String reason, Next next) {

        static Fault ofSource(String name, Map<String, String> config, String state, String reason, Next next) {
            return new Fault(name, true, config, state, reason, next);
        }

        static Fault ofSink(String name, Map<String, String> config, String state, String reason, Next next) {
            return new Fault(name, false, config, state, reason, next);
        }

        Map<String, String> whole(WorkerFixture fixture) {
            Map<String, String> whole = new HashMap<>(
                    source ? fixture.source("of-" + name, 20) : fixture.sink(RECORDS, fixture.file("out-" + name)));
            whole.putAll(config);
            whole.replaceAll((key, value) -> value.replace("TOPIC", fixture.name("topic-" + name)));
            return whole;
        }
    }

    private static Map<String, String> throwing(String method, String what) {
        return Map.of("throw.in", method, "throw.what", what);
    }

    private static Map<String, String> blocking(String method) {
        return Map.of("block.in", method);
    }

    private static final String DOWN = "the target is down: no route to host";
    private static final String BUSY = "busy, come back later";
    private static final String STUCK = "%s of the plugin has not come back";

    private static final List<Fault> FAULTS = List.of(
            Fault.ofSource("start-fails", throwing("connector.start", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSource("start-wrong", throwing("connector.start", "config"), "FAILED", "create it", Next.NOT_TRIED),
            Fault.ofSource("start-busy", throwing("connector.start", "retriable"), "WAITING", BUSY, Next.TRIED),
            Fault.ofSource(
                    "start-stuck", blocking("connector.start"), "STARTING", STUCK.formatted("start()"), Next.NONE),
            Fault.ofSource("tasks-fail", throwing("taskconfigs", "error"), "FAILED", "Missing", Next.NOT_TRIED),
            Fault.ofSource(
                    "tasks-stuck", blocking("taskconfigs"), "STARTING", STUCK.formatted("taskConfigs()"), Next.NONE),
            Fault.ofSource("no-tasks", Map.of("tasks", "0"), "WAITING", "made no tasks", Next.NONE),
            Fault.ofSource("task-fails", throwing("start", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSource("task-broken", throwing("start", "error"), "FAILED", "Missing", Next.NOT_TRIED),
            Fault.ofSource("task-busy", throwing("start", "retriable"), "WAITING", BUSY, Next.TRIED),
            Fault.ofSource("task-stuck", blocking("start"), "STARTING", STUCK.formatted("start()"), Next.NONE),
            Fault.ofSource("poll-fails", throwing("poll", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSource("poll-busy", throwing("poll", "retriable"), "WAITING", BUSY, Next.NONE),
            Fault.ofSource("poll-stuck", blocking("poll"), "WAITING", STUCK.formatted("poll()"), Next.NONE),
            Fault.ofSource(
                    "record-unwanted",
                    Map.of(
                            "transforms", "stumble",
                            "transforms.stumble.type", "Stumble",
                            "transforms.stumble.containing", "n7}"),
                    "FAILED",
                    "source position {next=8}",
                    Next.NOT_TRIED),
            Fault.ofSource("topic-unfit", Map.of("topic", "no topic!"), "FAILED", "no topic!", Next.TRIED),
            Fault.ofSource(
                    "one-of-two",
                    Map.of(
                            "tasks", "2",
                            "tasks.max", "2",
                            "spared.task", "0",
                            "throw.in", "poll"),
                    "FAILED",
                    DOWN,
                    Next.TRIED),
            Fault.ofSource("nothing-new", Map.of(), "RUNNING", "nothing new", Next.NONE),
            Fault.ofSink("topic-missing", Map.of("topics", "TOPIC"), "WAITING", "there is no topic", Next.NONE),
            Fault.ofSink("sink-fails", throwing("start", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSink("open-fails", throwing("open", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSink("put-fails", throwing("put", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSink("put-busy", throwing("put", "retriable"), "WAITING", BUSY, Next.NONE),
            Fault.ofSink("put-stuck", blocking("put"), "WAITING", STUCK.formatted("put()"), Next.NONE),
            Fault.ofSink("commit-fails", throwing("precommit", "failure"), "FAILED", DOWN, Next.TRIED),
            Fault.ofSink("commit-busy", throwing("precommit", "retriable"), "WAITING", BUSY, Next.NONE),
            Fault.ofSink("commit-stuck", blocking("precommit"), "WAITING", STUCK.formatted("preCommit()"), Next.NONE),
            Fault.ofSink("stores-nothing", Map.of("hold.offsets", "true"), "WAITING", "not advancing", Next.NONE),
            Fault.ofSink(
                    "record-foreign",
                    Map.of("value.converter", "org.apache.kafka.connect.converters.LongConverter"),
                    "FAILED",
                    "-0@0",
                    Next.NOT_TRIED));

    @TestFactory
    Stream<DynamicTest> everyFaultShows() {
        WorkerFixture fixture = WorkerFixture.shared(log, directory);
        fixture.create(RECORDS, fixture.source(RECORDS, 20));
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            FAULTS.forEach(fault -> requests.execute(() -> fixture.create(fault.name(), fault.whole(fixture))));
        }
        Stream<DynamicTest> shown =
                FAULTS.stream().map(fault -> DynamicTest.dynamicTest(fault.name(), () -> awaitShown(fixture, fault)));
        return shown.onClose(fixture::close);
    }

    private static void awaitShown(WorkerFixture fixture, Fault fault) {
        await().atMost(SHOWN_WITHIN).untilAsserted(() -> {
            JsonNode shown = fixture.pipeline(fault.name());
            assertThat(shown.path("state").asText()).as(shown.toString()).isEqualTo(fault.state());
            assertThat(shown.path("reason").asText()).contains(fault.reason());
            assertThat(shown.path("since").asText()).contains("T").endsWith("Z");
            assertThat(shown.path("next_try").isTextual()).isEqualTo(fault.next() == Next.TRIED);
            assertThat(shown.path("failures").asInt() > 0).isEqualTo(fault.next() != Next.NONE);
        });
    }

    @Test
    void aConnectorIsAsWellAsItsWorstTask() {
        try (WorkerFixture fixture = WorkerFixture.shared(log, directory)) {
            Map<String, String> source = fixture.source(RECORDS, 20);
            source.putAll(Map.of("tasks", "2", "tasks.max", "2", "spared.task", "0", "throw.in", "poll"));
            fixture.create(RECORDS, source);

            await().untilAsserted(() -> {
                JsonNode shown = fixture.pipeline(RECORDS);
                assertThat(shown.path("state").asText()).isEqualTo("FAILED");
                assertThat(shown.path("connector").path("state").asText()).isEqualTo("RUNNING");
                assertThat(shown.path("tasks").path(0).path("state").asText()).isEqualTo("RUNNING");
                assertThat(shown.path("tasks").path(1).path("state").asText()).isEqualTo("FAILED");
            });
            assertThat(fixture.connectorState(RECORDS))
                    .as("in Kafka Connect's words")
                    .isEqualTo("RUNNING");
        }
    }

    @Test
    void aFailureInARowIsToldSinceTheFirst() {
        try (WorkerFixture fixture = WorkerFixture.shared(log, directory)) {
            Map<String, String> source = fixture.source(RECORDS, 20);
            source.putAll(throwing("start", "retriable"));
            fixture.create(RECORDS, source);
            JsonNode first = awaitFailures(fixture, 1);
            JsonNode third = awaitFailures(fixture, 3);

            assertThat(third.path("state").asText()).isEqualTo("WAITING");
            assertThat(third.path("since").asText())
                    .isEqualTo(first.path("since").asText())
                    .isLessThan(third.path("next_try").asText());
        }
    }

    private static JsonNode awaitFailures(WorkerFixture fixture, int count) {
        return await().until(
                        () -> fixture.pipeline(RECORDS),
                        shown -> shown.path("failures").asInt() >= count);
    }

    @Test
    void itIsWellAgainWhenTheFaultHasPassed() {
        try (WorkerFixture fixture = WorkerFixture.shared(log, directory)) {
            Path mended = fixture.file("mended");
            Map<String, String> source = fixture.source(RECORDS, 20);
            source.putAll(throwing("poll", "retriable"));
            source.put("throw.until", mended.toString());
            fixture.create(RECORDS, source);
            awaitState(fixture, RECORDS, "WAITING");

            fixture.touch(mended);

            awaitState(fixture, RECORDS, "RUNNING");
        }
    }

    private static void awaitState(WorkerFixture fixture, String name, String state) {
        await().untilAsserted(() -> {
            JsonNode shown = fixture.pipeline(name);
            assertThat(shown.path("state").asText()).as(shown.toString()).isEqualTo(state);
        });
    }
}
