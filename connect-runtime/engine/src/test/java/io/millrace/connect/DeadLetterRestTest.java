package io.millrace.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Dead letters that are listed, looked at and replayed, over REST. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class DeadLetterRestTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS = 20;

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;
    private Path file = Path.of("");

    DeadLetterRestTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
        file = fixture.file("out");
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    /** A sink that can store no record whose text holds this. */
    private Map<String, String> sink(String unwanted) {
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("report.containing", unwanted);
        sink.put("errors.tolerance", "all");
        sink.put("errors.deadletterqueue.topic.name", fixture.name("letters"));
        sink.put("errors.deadletterqueue.context.headers.enable", "true");
        return sink;
    }

    /** Has the sink set aside n7 and n10 to n19. */
    private void deliver() {
        fixture.create("numbers", fixture.source("numbers", RECORDS));
        Map<String, String> sink = sink("name=n1");
        sink.put("transforms", "stumble");
        sink.put("transforms.stumble.type", "Stumble");
        sink.put("transforms.stumble.containing", "n7}");
        fixture.create("file", sink);
        fixture.awaitLines(file, 8);
        awaitLetters(12);
    }

    private String letters(String below) {
        return "/v1" + fixture.path("file") + "/dead-letters" + below;
    }

    private JsonNode list(String query) {
        RestClient.Answer answer = fixture.rest().get(letters(query));
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.body().path("letters");
    }

    private void awaitLetters(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(list("")).hasSize(count));
    }

    private JsonNode replay(Map<String, ?> body) {
        RestClient.Answer answer = fixture.rest().post(letters("/replay"), body);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.body();
    }

    private void edit(Map<String, String> config) {
        RestClient.Answer answer = fixture.rest().put(fixture.path("file") + "/config", config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
    }

    private void awaitStates(String state, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(list(""))
                        .filteredOn(letter -> letter.path("state").asText().equals(state))
                        .hasSize(count));
    }

    private List<String> names() {
        return WorkerFixture.lines(file).stream()
                .map(line -> line.replaceFirst(".*name=(\\w+).*", "$1"))
                .toList();
    }

    @Test
    void listsLettersPageByPageWithWhatWentWrong() {
        deliver();

        JsonNode first = fixture.rest().get(letters("?limit=5")).body();
        assertThat(first.path("topic").asText()).isEqualTo(fixture.name("letters"));
        assertThat(first.path("letters")).hasSize(5);
        assertThat(first.path("next").asText()).isEqualTo("0-5");
        List<String> ids = new ArrayList<>();
        for (String from = "0-0"; !from.isEmpty(); ) {
            JsonNode page = fixture.rest().get(letters("?limit=5&from=" + from)).body();
            page.path("letters").forEach(letter -> ids.add(letter.path("id").asText()));
            from = page.path("next").asText("");
        }

        assertThat(ids).hasSize(12).doesNotHaveDuplicates().startsWith("0-0").endsWith("0-11");
        assertThat(list(""))
                .extracting(letter -> letter.path("origin").path("offset").asInt())
                .containsExactlyInAnyOrder(1, 7, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(list(""))
                .allSatisfy(letter ->
                        assertThat(letter.path("origin").path("topic").asText()).isEqualTo(fixture.name("numbers")))
                .allMatch(letter -> letter.path("state").asText().equals("OPEN"))
                .noneMatch(letter -> letter.has("value") || letter.has("key"))
                .filteredOn(letter -> letter.path("origin").path("offset").asInt() == 7)
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.path("stage").asText()).isEqualTo("TRANSFORMATION");
                    assertThat(letter.path("message").asText()).isEqualTo("this value is not wanted");
                });
    }

    @Test
    void showsWhatIsInALetterWhenAsked() {
        deliver();
        String id = list("").path(0).path("id").asText();

        JsonNode letter = fixture.rest().get(letters("/" + id)).body();

        assertThat(letter.path("value").path("data").path("name").asText()).startsWith("n");
        assertThat(letter.path("value").path("schema").path("name").asText()).isEqualTo("counted");
        assertThat(letter.path("key").path("data").isIntegralNumber()).isTrue();
        assertThat(letter.path("headers"))
                .as("those of the record, not those of the letter")
                .isEmpty();
        assertThat(letter.path("trace").asText()).contains("Exception");
        assertThat(fixture.rest().get(letters("/0-999")).status()).isEqualTo(404);
        assertThat(fixture.rest().get(letters("/first")).status()).isEqualTo(400);
    }

    @Test
    void replaysEachLetterOnceToThisSinkAlone() {
        deliver();
        List<ConsumerRecord<String, String>> before = LogReading.records(log, fixture.name("numbers"));
        edit(sink(""));

        JsonNode planned = replay(Map.of("all", true, "dry_run", true));
        JsonNode done = replay(Map.of("all", true));
        JsonNode again = replay(Map.of("all", true));

        assertThat(planned.path("replayed").asInt()).isEqualTo(12);
        assertThat(done.path("replayed").asInt()).isEqualTo(12);
        assertThat(again.path("replayed").asInt()).isZero();
        assertThat(again.path("replayed_before").asInt()).isEqualTo(12);
        fixture.awaitLines(file, RECORDS);
        awaitStates("REPLAYED", 12);
        assertThat(list("?state=open")).isEmpty();
        assertThat(WorkerFixture.lines(file))
                .hasSize(RECORDS)
                .allMatch(line -> line.startsWith(fixture.name("numbers") + "|"));
        assertThat(LogReading.records(log, fixture.name("numbers")))
                .as("other readers of the topic see nothing of it")
                .hasSameSizeAs(before);
    }

    @Test
    void replaysARangeAndThenTheRest() {
        deliver();
        edit(sink(""));

        assertThat(replay(Map.of("from", "0-2", "to", "0-4")).path("replayed").asInt())
                .isEqualTo(3);
        awaitStates("REPLAYED", 3);
        assertThat(replay(Map.of("ids", List.of("0-4", "0-8"))).path("replayed").asInt())
                .isEqualTo(1);
        assertThat(replay(Map.of("all", true)).path("replayed").asInt()).isEqualTo(8);

        fixture.awaitLines(file, RECORDS);
        assertThat(names()).as("each once").hasSize(RECORDS).doesNotHaveDuplicates();
    }

    @Test
    void aLetterThatFailsAgainIsANewOneThatCountsItsAttempts() {
        deliver();
        edit(sink("name=n15}"));

        var _ = replay(Map.of("all", true));

        awaitLetters(13);
        JsonNode second = list("?from=0-12").path(0);
        assertThat(second.path("attempts").asInt()).isEqualTo(1);
        assertThat(second.path("origin").path("topic").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(second.path("origin").path("offset").asInt()).isEqualTo(15);
        assertThat(second.path("state").asText()).isEqualTo("OPEN");
        assertThat(replay(Map.of("all", true)).path("replayed").asInt()).isEqualTo(1);
        awaitLetters(14);
        assertThat(list("?from=0-13").path(0).path("attempts").asInt()).isEqualTo(2);
        edit(sink(""));
        assertThat(replay(Map.of("all", true)).path("replayed").asInt()).isEqualTo(1);
        fixture.awaitLines(file, RECORDS);
        assertThat(names()).doesNotHaveDuplicates();
    }

    @Test
    void aSinkThatRestsGetsItsLettersWhenItGoesOn() {
        deliver();
        fixture.rest().put(fixture.path("file") + "/stop");
        fixture.awaitConnector("file", "STOPPED");
        edit(sink(""));

        assertThat(replay(Map.of("all", true)).path("replayed").asInt()).isEqualTo(12);

        assertThat(fixture.connectorState("file")).isEqualTo("STOPPED");
        assertThat(list("")).allMatch(letter -> letter.path("state").asText().equals("REPLAYING"));
        fixture.rest().put(fixture.path("file") + "/resume");
        fixture.awaitLines(file, RECORDS);
        awaitStates("REPLAYED", 12);
    }

    /** Writes a letter as another program would. */
    private void write(String value, Map<String, String> headers) {
        Map<String, Object> config = Map.of("bootstrap.servers", log.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> letter = new ProducerRecord<>(fixture.name("letters"), null, value);
            headers.forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
            var _ = producer.send(letter).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void lettersOfKafkaConnectAreWorkedWithAndThoseOfOthersLeftAlone() {
        fixture.create("file", sink(""));
        fixture.awaitTask("file", "RUNNING");
        awaitLetters(0);
        String good = "{\"schema\":{\"type\":\"string\",\"optional\":false},\"payload\":\"mended\"}";
        write(
                good,
                Map.of(
                        "__connect.errors.topic", fixture.name("elsewhere"),
                        "__connect.errors.partition", "3",
                        "__connect.errors.offset", "41",
                        "__connect.errors.connector.name", fixture.name("file"),
                        "__connect.errors.stage", "VALUE_CONVERTER",
                        "own", "kept"));
        write(good, Map.of("__connect.errors.connector.name", "somebody-else"));
        write("not JSON", Map.of());
        awaitLetters(2);

        JsonNode told = fixture.rest().get(letters("/0-0")).body();
        JsonNode silent = fixture.rest().get(letters("/0-2")).body();
        assertThat(fixture.rest().get(letters("/0-1")).status()).isEqualTo(404);
        var _ = replay(Map.of("all", true));

        assertThat(told.path("value").path("data").asText()).isEqualTo("mended");
        assertThat(told.path("headers").path(0).path("name").asText()).isEqualTo("own");
        assertThat(silent.path("value").path("data").isNull()).isTrue();
        assertThat(silent.path("value").path("error").asText()).isNotEmpty();
        assertThat(silent.path("value").path("bytes").path("content").asText()).isEqualTo("not JSON");
        fixture.awaitLines(file, 1);
        assertThat(WorkerFixture.lines(file)).containsExactly(fixture.name("elsewhere") + "|null|mended");
        awaitLetters(3);
        assertThat(list("?from=0-3").path(0).path("attempts").asInt()).isEqualTo(1);
        assertThat(list("?from=0-3").path(0).path("origin").path("topic").asText())
                .as("the connector's only topic")
                .isEqualTo(fixture.name("numbers"));
    }

    @Test
    void refusesWhatIsNoReplay() {
        fixture.create("numbers", fixture.source("numbers", 1));
        fixture.create("file", fixture.sink("numbers", file));

        assertThat(fixture.rest().get(letters("")).message()).contains("keeps no dead letters");
        assertThat(fixture.rest()
                        .get("/v1" + fixture.path("numbers") + "/dead-letters")
                        .message())
                .contains("only sinks have dead letters");
        assertThat(fixture.rest().get("/v1/connectors/nobody/dead-letters").status())
                .isEqualTo(404);
        edit(sink(""));
        for (Map<String, ?> bad : List.<Map<String, ?>>of(
                Map.of(),
                Map.of("all", false),
                Map.of("all", true, "ids", List.of("0-1")),
                Map.of("ids", List.of()),
                Map.of("from", "first"),
                Map.of("everything", true),
                Map.of("all", true, "dry_run", "yes"))) {
            assertThat(fixture.rest().post(letters("/replay"), bad).status())
                    .as(bad.toString())
                    .isEqualTo(400);
        }
        assertThat(fixture.rest().get(letters("?limit=0")).status()).isEqualTo(400);
        assertThat(fixture.rest().get(letters("?state=mine")).status()).isEqualTo(400);
    }
}
