package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done about plugins and records that fail. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class FailureTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    FailureTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private JsonNode status(String name) {
        return fixture.rest().get(fixture.path(name) + "/status").body();
    }

    private void assertWorkerAnswers() {
        assertThat(fixture.rest().get("/health").status()).isEqualTo(200);
        assertThat(fixture.rest().get("/connectors").status()).isEqualTo(200);
    }

    @Test
    void aBatchThatTheSinkRefusesForNowIsGivenAgain() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 20));
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("refuse.first", "2");
        fixture.create("file", sink);

        fixture.awaitLines(file, 20);

        assertThat(WorkerFixture.lines(file)).as("each record once").hasSize(20);
        assertThat(fixture.taskState("file")).isEqualTo("RUNNING");
    }

    @Test
    void aSourceThatIsBusyForNowIsPolledAgain() {
        Path mended = fixture.file("mended");
        Map<String, String> source = fixture.source("numbers", 5);
        source.put("throw.in", "poll");
        source.put("throw.what", "retriable");
        source.put("throw.until", mended.toString());
        fixture.create("numbers", source);
        fixture.awaitTask("numbers", "RUNNING");

        fixture.touch(mended);

        await().untilAsserted(() ->
                assertThat(LogReading.records(log, fixture.name("numbers"))).hasSize(5));
    }

    @Test
    void aTransformIsTriedAgainForAsLongAsTheConfigSays() {
        Path file = fixture.file("out");
        Map<String, String> source = fixture.source("numbers", 2);
        source.put("transforms", "stumble");
        source.put("transforms.stumble.type", "Stumble");
        source.put("transforms.stumble.times", "2");
        source.put("errors.retry.timeout", "-1");
        source.put("errors.retry.delay.max.ms", "20");
        fixture.create("numbers", source);
        fixture.create("file", fixture.sink("numbers", file));

        fixture.awaitLines(file, 2);
    }

    @Test
    void withoutToleranceARecordThatCannotBeHandledFailsItsTaskForGood() {
        Map<String, String> source = fixture.source("numbers", 20);
        source.put("transforms", "stumble");
        source.put("transforms.stumble.type", "Stumble");
        source.put("transforms.stumble.containing", "n7}");
        fixture.create("numbers", source);
        fixture.create("others", fixture.source("others", 1));

        fixture.awaitTask("numbers", "FAILED");

        String trace = status("numbers").path("tasks").path(0).path("trace").asText();
        assertThat(trace)
                .contains("source position {next=8}", "TRANSFORMATION", "this value is not wanted")
                .as("never the payload")
                .doesNotContain("name=n7");
        fixture.awaitTask("others", "RUNNING");
        assertThat(fixture.connectorState("numbers")).isEqualTo("RUNNING");
        assertWorkerAnswers();
    }

    @Test
    void withToleranceItIsSkipped() {
        Path file = fixture.file("out");
        Map<String, String> source = fixture.source("numbers", 20);
        source.put("transforms", "stumble");
        source.put("transforms.stumble.type", "Stumble");
        source.put("transforms.stumble.containing", "n7}");
        source.put("errors.tolerance", "all");
        fixture.create("numbers", source);
        fixture.create("file", fixture.sink("numbers", file));

        fixture.awaitLines(file, 19);

        assertThat(WorkerFixture.lines(file)).noneMatch(line -> line.contains("name=n7}"));
    }

    @Test
    void deadLettersHoldTheBytesAndTellWhatHappened() {
        Path file = fixture.file("out");
        String letters = fixture.name("letters");
        fixture.create("numbers", fixture.source("numbers", 20));
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("transforms", "stumble");
        sink.put("transforms.stumble.type", "Stumble");
        sink.put("transforms.stumble.containing", "n7}");
        sink.put("errors.tolerance", "all");
        sink.put("errors.deadletterqueue.topic.name", letters);
        sink.put("errors.deadletterqueue.context.headers.enable", "true");
        fixture.create("file", sink);

        fixture.awaitLines(file, 19);
        await().untilAsserted(() -> assertThat(LogReading.records(log, letters)).hasSize(1));

        ConsumerRecord<String, String> letter = LogReading.records(log, letters).getFirst();
        assertThat(letter.value()).as("as it stood in the log").contains("\"name\":\"n7\"", "\"schema\"");
        assertThat(LogReading.header(letter, "__connect.errors.topic")).isEqualTo(fixture.name("numbers"));
        assertThat(LogReading.header(letter, "__connect.errors.partition")).isEqualTo("0");
        assertThat(LogReading.header(letter, "__connect.errors.offset")).isEqualTo("7");
        assertThat(LogReading.header(letter, "__connect.errors.connector.name")).isEqualTo(fixture.name("file"));
        assertThat(LogReading.header(letter, "__connect.errors.task.id")).isEqualTo("0");
        assertThat(LogReading.header(letter, "__connect.errors.stage")).isEqualTo("TRANSFORMATION");
        assertThat(LogReading.header(letter, "__connect.errors.class.name"))
                .isEqualTo("io.millrace.connect.testkit.Stumble");
        assertThat(LogReading.header(letter, "__connect.errors.exception.class.name"))
                .isEqualTo("org.apache.kafka.connect.errors.DataException");
        assertThat(LogReading.header(letter, "__connect.errors.exception.message"))
                .isEqualTo("this value is not wanted");
        assertThat(LogReading.header(letter, "__connect.errors.exception.stacktrace"))
                .contains("Stumble.apply");
    }

    @Test
    void recordsThatTheSinkReportsBecomeDeadLetters() {
        Path file = fixture.file("out");
        String letters = fixture.name("letters");
        fixture.create("numbers", fixture.source("numbers", 20));
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("report.containing", "n3}");
        sink.put("errors.tolerance", "all");
        sink.put("errors.deadletterqueue.topic.name", letters);
        sink.put("errors.deadletterqueue.context.headers.enable", "true");
        fixture.create("file", sink);

        fixture.awaitLines(file, 19);
        await().untilAsserted(() -> assertThat(LogReading.records(log, letters)).hasSize(1));

        ConsumerRecord<String, String> letter = LogReading.records(log, letters).getFirst();
        assertThat(letter.value()).contains("\"name\":\"n3\"");
        assertThat(LogReading.header(letter, "__connect.errors.stage")).isEqualTo("TASK_PUT");
        assertThat(LogReading.header(letter, "__connect.errors.exception.message"))
                .isEqualTo("this record is not wanted");
    }

    @Test
    void bytesThatTheConverterCannotReadBecomeDeadLetters() {
        Path file = fixture.file("out");
        String letters = fixture.name("letters");
        Map<String, String> source = fixture.source("numbers", 5);
        source.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        fixture.create("numbers", source);
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("errors.tolerance", "all");
        sink.put("errors.deadletterqueue.topic.name", letters);
        fixture.create("file", sink);

        await().untilAsserted(() -> assertThat(LogReading.records(log, letters)).hasSize(5));

        assertThat(LogReading.records(log, letters))
                .allSatisfy(letter -> assertThat(letter.headers()).isEmpty())
                .extracting(ConsumerRecord::value)
                .contains("Struct{id=0,name=n0}");
        assertThat(WorkerFixture.lines(file)).isEmpty();
    }

    @Test
    void aPluginThatThrowsFailsOnlyItsOwnTaskAndIsTriedAgain() {
        Path file = fixture.file("out");
        Path other = fixture.file("other");
        Path mended = fixture.file("mended");
        fixture.create("numbers", fixture.source("numbers", 10));
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("throw.in", "put");
        sink.put("throw.until", mended.toString());
        fixture.create("file", sink);
        fixture.create("other", fixture.sink("numbers", other));

        fixture.awaitTask("file", "FAILED");
        fixture.awaitLines(other, 10);

        JsonNode task = status("file").path("tasks").path(0);
        assertThat(task.path("trace").asText()).contains("the target is down: no route to host");
        assertThat(fixture.taskState("other")).isEqualTo("RUNNING");
        fixture.touch(mended);
        fixture.awaitLines(file, 10);
        fixture.awaitTask("file", "RUNNING");
    }

    @Test
    void aMissingClassFailsTheTaskWithItsName() {
        Map<String, String> source = fixture.source("numbers", 5);
        source.put("throw.in", "start");
        source.put("throw.what", "error");
        fixture.create("numbers", source);

        fixture.awaitTask("numbers", "FAILED");

        assertThat(status("numbers").path("tasks").path(0).path("trace").asText())
                .contains("a.driver.that.is.Missing");
        assertWorkerAnswers();
    }

    @Test
    void aConnectorThatThrowsIsFailedAndTriedAgain() {
        Path mended = fixture.file("mended");
        Map<String, String> source = fixture.source("numbers", 5);
        source.put("throw.in", "connector.start");
        source.put("throw.until", mended.toString());
        fixture.create("numbers", source);
        fixture.awaitConnector("numbers", "FAILED");

        assertThat(status("numbers").path("connector").path("trace").asText()).contains("the target is down");
        fixture.touch(mended);

        fixture.awaitConnector("numbers", "RUNNING");
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void aPluginThatBlocksHoldsUpNobodyElse() {
        Path file = fixture.file("out");
        for (String method : List.of("connector.start", "taskconfigs", "start", "poll")) {
            Map<String, String> source = fixture.source("blocked", 5);
            source.put("block.in", method);
            fixture.create("blocked-" + method, source);
        }
        fixture.create("numbers", fixture.source("numbers", 10));
        fixture.create("file", fixture.sink("numbers", file));

        fixture.awaitLines(file, 10);

        assertWorkerAnswers();
        assertThat(fixture.rest()
                        .put(fixture.path("blocked-poll") + "/config", fixture.source("freed", 3))
                        .status())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(LogReading.records(log, fixture.name("freed")))
                .as("the blocked task is abandoned, and another takes its place")
                .hasSize(3));
    }
}
