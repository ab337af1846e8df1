package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources that deliver in transactions (KIP-618): where transactions end, and what the source hears of it. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ExactlyOnceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FOR_EVER_MS = "3600000";

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    ExactlyOnceTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.sharedExactlyOnce(log, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private List<ConsumerRecord<String, String>> committed() {
        return LogReading.committed(log, fixture.name("numbers"));
    }

    private void awaitCommitted(int count) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(org.apache.kafka.common.errors.UnknownTopicOrPartitionException.class)
                .untilAsserted(() -> assertThat(committed()).hasSize(count));
    }

    private void awaitPosition(int next) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(fixture.rest()
                                .get(fixture.path("numbers") + "/offsets")
                                .body()
                                .path("offsets")
                                .path(0)
                                .path("offset")
                                .path("next")
                                .asInt())
                        .isEqualTo(next));
    }

    /** How many records stand between two ends of transactions: each end takes up an offset. */
    private static List<Integer> runs(List<ConsumerRecord<String, String>> records) {
        List<Integer> runs = new ArrayList<>();
        long last = -2;
        for (ConsumerRecord<String, String> record : records) {
            if (record.offset() == last + 1) {
                runs.add(runs.removeLast() + 1);
            } else {
                runs.add(1);
            }
            last = record.offset();
        }
        return runs;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "0-" + number).toList();
    }

    private void assertValues(List<String> expected) {
        assertThat(committed()).extracting(ConsumerRecord::value).containsExactlyElementsOf(expected);
    }

    @Test
    void eachPollIsATransactionWithItsPositions() {
        fixture.create("numbers", fixture.boundarySource("numbers", 50));

        awaitCommitted(50);
        awaitPosition(50);

        assertValues(numbers(0, 50));
        assertThat(runs(committed())).containsExactly(10, 10, 10, 10, 10);
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void aTransactionBoundByTimeStaysOpenUntilThenOrAPause() {
        Map<String, String> config = fixture.boundarySource("numbers", 50);
        config.put("transaction.boundary", "interval");
        config.put("transaction.boundary.interval.ms", FOR_EVER_MS);
        fixture.create("numbers", config);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(org.apache.kafka.common.errors.UnknownTopicOrPartitionException.class)
                .untilAsserted(() -> assertThat(LogReading.records(log, fixture.name("numbers")))
                        .hasSize(50));
        assertThat(committed()).as("the transaction is open").isEmpty();

        fixture.rest().put(fixture.path("numbers") + "/pause");

        awaitCommitted(50);
        awaitPosition(50);
        assertThat(runs(committed())).containsExactly(50);
    }

    @Test
    void aTransactionBoundByTimeEndsWithoutFurtherRecords() {
        Map<String, String> config = fixture.boundarySource("numbers", 50);
        config.put("transaction.boundary", "Interval");
        config.put("transaction.boundary.interval.ms", "20");
        fixture.create("numbers", config);

        awaitCommitted(50);
        awaitPosition(50);
        assertValues(numbers(0, 50));
    }

    @Test
    void theConnectorEndsItsTransactions() {
        Map<String, String> config = fixture.boundarySource("numbers", 35);
        config.put("transaction.boundary", "connector");
        config.put("exactly.once.support", "required");
        config.put("commit.every", "7");
        config.put("batch.size", "10");
        fixture.create("numbers", config);

        awaitCommitted(35);
        awaitPosition(35);

        assertThat(runs(committed())).containsExactly(7, 7, 7, 7, 7);
    }

    @Test
    void theConnectorEndsItsTransactionsWithAPoll() {
        Map<String, String> config = fixture.boundarySource("numbers", 30);
        config.put("transaction.boundary", "connector");
        config.put("after.poll", "commit");
        fixture.create("numbers", config);

        awaitCommitted(30);

        assertThat(runs(committed())).containsExactly(10, 10, 10);
    }

    @Test
    void whatTheConnectorAbortsIsNeverSeenAndNeverComesAgain() {
        Map<String, String> config = fixture.boundarySource("numbers", 20);
        config.put("transaction.boundary", "connector");
        config.put("commit.every", "5");
        config.put("batch.size", "2");
        config.put("abort.at", "12");
        fixture.create("numbers", config);

        awaitCommitted(17);
        awaitPosition(20);

        List<String> expected = new ArrayList<>(numbers(0, 10));
        expected.addAll(numbers(13, 20));
        assertValues(expected);
    }

    @Test
    void whatTheConnectorAbortsWithAPollIsNeverSeen() {
        Map<String, String> config = fixture.boundarySource("numbers", 30);
        config.put("transaction.boundary", "connector");
        config.put("after.poll", "abort");
        fixture.create("numbers", config);

        awaitPosition(30);

        assertThat(committed()).isEmpty();
        assertThat(fixture.taskState("numbers")).isEqualTo("RUNNING");
    }

    @Test
    void aConnectorThatAsksForBothEndsFails() {
        Map<String, String> config = fixture.boundarySource("numbers", 30);
        config.put("transaction.boundary", "connector");
        config.put("after.poll", "both");
        fixture.create("numbers", config);

        fixture.awaitTask("numbers", "FAILED");

        assertThat(trace()).contains("to commit and to abort the same transaction");
    }

    private String trace() {
        JsonNode status =
                fixture.rest().get(fixture.path("numbers") + "/status").body();
        return status.path("tasks").path(0).path("trace").asText();
    }

    @Test
    void theSourceHearsOfEachRecordWhenItIsCommittedAndThenOfThePositions() {
        Path calls = fixture.file("calls");
        Map<String, String> config = fixture.boundarySource("numbers", 4);
        config.put("batch.size", "2");
        config.put("calls.file", calls.toString());
        config.put("transforms", "stumble");
        config.put("transforms.stumble.type", "Stumble");
        config.put("transforms.stumble.containing", "0-1");
        config.put("errors.tolerance", "all");
        fixture.create("numbers", config);
        awaitCommitted(3);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(WorkerFixture.lines(calls)).hasSizeGreaterThan(7));

        assertThat(WorkerFixture.lines(calls).stream().filter(line -> !line.equals("commit")))
                .containsExactly(
                        "start at 0",
                        "record 0-1 is not there",
                        "record 0-0 at 0",
                        "record 0-2 at 2",
                        "record 0-3 at 3");
        assertThat(WorkerFixture.lines(calls).subList(0, 4))
                .containsExactly("start at 0", "record 0-1 is not there", "record 0-0 at 0", "commit");
    }

    @ParameterizedTest
    @CsvSource({"connector, true", "poll, false", "interval, false"})
    void onlyASourceThatDefinesTransactionsIsGivenTheMeansTo(String boundary, boolean given) {
        Path calls = fixture.file("calls");
        Map<String, String> config = fixture.boundarySource("numbers", 0);
        config.put("transaction.boundary", boundary);
        config.put("calls.file", calls.toString());
        fixture.create("numbers", config);
        fixture.awaitTask("numbers", "RUNNING");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(WorkerFixture.lines(calls)).isNotEmpty());

        assertThat(WorkerFixture.lines(calls).getFirst().contains("defines transactions"))
                .isEqualTo(given);
    }

    @Test
    void fewerTasksFenceThoseOfTheLargerSet() {
        Map<String, String> config = fixture.boundarySource("numbers", 40);
        config.put("tasks.max", "3");
        config.put("transaction.boundary", "interval");
        config.put("transaction.boundary.interval.ms", FOR_EVER_MS);
        config.put("producer.override.transaction.timeout.ms", "800000");
        config.put("hold.file", fixture.file("held").toString());
        config.put("hold.at", "25");
        fixture.create("numbers", config);
        await().atMost(PATIENCE).until(() -> fixture.file("held.held").toFile().exists());

        config.put("tasks.max", "1");
        config.remove("transaction.boundary");
        fixture.rest().put(fixture.path("numbers") + "/config", config);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(committed())
                        .as("no transaction of an older task is left open")
                        .filteredOn(record -> record.value().startsWith("0-"))
                        .hasSize(40));
        fixture.touch(fixture.file("held.released"));
    }

    @Test
    void aSourceThatFailsAfterACommitGoesOnWithoutASecondRecord() {
        Path calls = fixture.file("calls");
        Map<String, String> config = fixture.boundarySource("numbers", 50);
        config.put("throw.after", "17");
        config.put("calls.file", calls.toString());
        fixture.create("numbers", config);

        awaitPosition(50);

        assertValues(numbers(0, 50));
        assertThat(WorkerFixture.lines(calls)).contains("start at 0", "start at 20");
    }

    @Test
    void aRecordThatTheLogRefusesFailsTheTaskAndItsTransactionIsNotSeen() {
        Map<String, String> config = fixture.boundarySource("numbers", 50);
        config.put("errors.tolerance", "all");
        config.put("topic.creation.default.max.message.bytes", "61");
        fixture.create("numbers", config);

        fixture.awaitTask("numbers", "FAILED");

        assertThat(trace()).contains("the log refused the record at source position");
        assertThat(committed()).isEmpty();
    }

    @Test
    void positionsThatAreSetCountForTheNextTask() {
        Map<String, String> config = fixture.boundarySource("numbers", 10);
        fixture.create("numbers", config);
        awaitCommitted(10);
        fixture.rest().put(fixture.path("numbers") + "/stop");
        fixture.awaitConnector("numbers", "STOPPED");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(fixture.rest()
                                .get(fixture.path("numbers") + "/tasks")
                                .body())
                        .isEmpty());
        Map<String, Object> wanted = Map.of("partition", Map.of("task", "0"), "offset", Map.of("next", 8));

        RestClient.Answer set =
                fixture.rest().patch(fixture.path("numbers") + "/offsets", Map.of("offsets", List.of(wanted)));
        fixture.rest().put(fixture.path("numbers") + "/resume");

        assertThat(set.status()).as(set.message()).isEqualTo(200);
        awaitCommitted(12);
        assertThat(committed().subList(10, 12))
                .extracting(ConsumerRecord::value)
                .containsExactly("0-8", "0-9");
    }

    private List<String> positionsIn(String topic) {
        return LogReading.committed(log, topic).stream()
                .filter(record -> record.key().contains(fixture.name("numbers")))
                .map(ConsumerRecord::value)
                .toList();
    }

    @Test
    void positionsAreKeptInTheTopicThatTheConnectorNames() {
        String own = fixture.name("positions");
        Map<String, String> config = fixture.boundarySource("numbers", 20);
        fixture.create("numbers", config);
        awaitPosition(20);

        config.put("offsets.storage.topic", own);
        config.put("records", "30");
        fixture.rest().put(fixture.path("numbers") + "/config", config);
        awaitPosition(30);

        assertValues(numbers(0, 30));
        assertThat(positionsIn(own)).containsExactly("{\"next\":30}");
        config.remove("offsets.storage.topic");
        config.put("records", "40");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(positionsIn(fixture.offsetTopic())).last().isEqualTo("{\"next\":30}"));
        fixture.rest().put(fixture.path("numbers") + "/config", config);
        awaitPosition(40);
        assertValues(numbers(0, 40));
    }

    @Test
    void aSourceThatWritesToTheTopicOfItsPositionsFails() {
        Map<String, String> config = fixture.boundarySource("numbers", 20);
        config.put("offsets.storage.topic", fixture.name("numbers"));
        fixture.create("numbers", config);

        fixture.awaitTask("numbers", "FAILED");

        assertThat(trace()).contains("which holds its positions");
    }
}
