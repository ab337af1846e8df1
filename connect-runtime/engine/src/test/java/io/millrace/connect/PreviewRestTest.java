package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configs that are run for a moment, over REST. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class PreviewRestTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    PreviewRestTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
    }

    @AfterEach
    void letGo() {
        ProbeSourceConnector.letGo();
        fixture.close();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(previewThreads()).isEmpty());
    }

    private List<String> previewThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("preview-" + fixture.name("")))
                .toList();
    }

    private RestClient.Answer preview(Map<String, String> config, Map<String, ?> bounds) {
        Map<String, Object> body = new HashMap<>(bounds);
        body.put("name", fixture.name("previewed"));
        body.put("config", config);
        return fixture.rest().post("/v1/preview", body);
    }

    private JsonNode previewed(Map<String, String> config, Map<String, ?> bounds) {
        RestClient.Answer answer = preview(config, bounds);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.body();
    }

    private Map<String, String> probe() {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", ProbeSourceConnector.class.getName());
        config.put("topic", fixture.name("probed"));
        return config;
    }

    private void assertNothingIsStored() {
        assertThat(LogReading.topics(log)).noneMatch(topic -> topic.contains(fixture.name("numbers")));
        assertThat(LogReading.groups(log)).noneMatch(group -> group.contains(fixture.name("previewed")));
        assertThat(fixture.rest().get(fixture.path("previewed")).status()).isEqualTo(404);
        assertThat(fixture.storedConfig("previewed")).isEmpty();
    }

    @Test
    void showsWhatASourceWouldWriteAndStoresNothing() {
        JsonNode body = previewed(fixture.source("numbers", 100), Map.of("records", 3, "seconds", 60));

        assertThat(body.path("type").asText()).isEqualTo("source");
        assertThat(body.path("ended").asText()).isEqualTo("RECORDS");
        assertThat(body.path("error").isNull()).isTrue();
        assertThat(body.path("topics").path(0).path("name").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(body.path("topics").path(0).path("exists").asBoolean(true)).isFalse();
        assertThat(body.path("records")).hasSize(3);
        JsonNode second = body.path("records").path(1);
        assertThat(second.path("from").path("offset").path("next").asInt()).isEqualTo(2);
        assertThat(second.path("record").path("topic").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(second.path("record").path("key").path("data").asInt()).isEqualTo(1);
        JsonNode value = second.path("record").path("value");
        assertThat(value.path("data").path("name").asText()).isEqualTo("n1");
        assertThat(value.path("written").path("encoding").asText()).isEqualTo("json");
        assertThat(value.path("written")
                        .path("content")
                        .path("payload")
                        .path("id")
                        .asInt())
                .isEqualTo(1);
        JsonNode schema = body.path("schemas").path(value.path("schema").asInt());
        assertThat(schema.path("name").asText()).isEqualTo("counted");
        assertThat(body.path("schemas")).as("each schema once").hasSize(2);
        assertNothingIsStored();
    }

    @Test
    void showsWhatTheConverterOfTheConnectorMakes() {
        Map<String, String> source = fixture.source("numbers", 100);
        source.put("key.converter", "org.apache.kafka.connect.converters.LongConverter");
        source.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");

        JsonNode record =
                previewed(source, Map.of("records", 1)).path("records").path(0).path("record");

        assertThat(record.path("key").path("written").path("encoding").asText()).isEqualTo("base64");
        assertThat(record.path("key").path("written").path("content").asText()).isEqualTo("AAAAAAAAAAA=");
        assertThat(record.path("value").path("written").path("content").asText())
                .isEqualTo("Struct{id=0,name=n0}");
    }

    private Map<String, String> stumbling(String tolerance) {
        Map<String, String> source = fixture.source("numbers", 100);
        source.put("transforms", "stumble");
        source.put("transforms.stumble.type", "Stumble");
        source.put("transforms.stumble.containing", "n2}");
        source.put("errors.tolerance", tolerance);
        return source;
    }

    @Test
    void tellsOfEachRecordThatIsSkipped() {
        JsonNode body = previewed(stumbling("all"), Map.of("records", 4));

        assertThat(body.path("ended").asText()).isEqualTo("RECORDS");
        assertThat(body.path("records"))
                .extracting(record -> record.path("outcome").asText())
                .containsExactly("DELIVERED", "DELIVERED", "FAILED", "DELIVERED");
        JsonNode error = body.path("records").path(2).path("error");
        assertThat(error.path("stage").asText()).isEqualTo("TRANSFORMATION");
        assertThat(error.path("class").asText()).endsWith("Stumble");
        assertThat(error.path("message").asText()).isEqualTo("this value is not wanted");
    }

    @Test
    void endsAtTheRecordThatWouldFailTheTask() {
        JsonNode body = previewed(stumbling("none"), Map.of("records", 3));

        assertThat(body.path("ended").asText()).isEqualTo("FAILED");
        assertThat(body.path("records"))
                .extracting(record -> record.path("outcome").asText())
                .containsExactly("DELIVERED", "DELIVERED", "FAILED");
        assertThat(body.path("error").path("message").asText())
                .contains("cannot be handled", "this value is not wanted");
    }

    @Test
    void showsWhatASinkWouldBeGivenAndLeavesItsTargetAlone() {
        Path file = fixture.file("out");
        fixture.create("source", fixture.source("read", 5));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(LogReading.topics(log)).contains(fixture.name("read")));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(LogReading.records(log, fixture.name("read")))
                        .hasSize(5));
        Map<String, String> sink = fixture.sink("read", file);
        sink.put("throw.in", "start");

        JsonNode body = previewed(sink, Map.of("records", 100, "seconds", 60));

        assertThat(body.path("ended").asText()).isEqualTo("END");
        assertThat(body.path("error").isNull()).isTrue();
        assertThat(body.path("records")).hasSize(5);
        JsonNode last = body.path("records").path(4);
        assertThat(last.path("from").path("offset").asInt()).isEqualTo(4);
        assertThat(last.path("record").path("value").path("data").path("name").asText())
                .isEqualTo("n4");
        assertThat(last.path("record").path("value").path("written").isNull()).isTrue();
        assertThat(file).doesNotExist();
        assertNothingIsStored();
    }

    @Test
    void tellsOfRecordsThatASinkCannotRead() {
        Map<String, String> source = fixture.source("read", 2);
        source.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        fixture.create("source", source);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(LogReading.topics(log)).contains(fixture.name("read")));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(LogReading.records(log, fixture.name("read")))
                        .hasSize(2));
        Map<String, String> sink = fixture.sink("read", fixture.file("out"));
        sink.put("errors.tolerance", "all");

        JsonNode body = previewed(sink, Map.of());

        assertThat(body.path("records"))
                .hasSize(2)
                .allMatch(record -> record.path("error").path("stage").asText().equals("VALUE_CONVERTER"));
    }

    @Test
    void refusesASinkWithoutTopics() {
        RestClient.Answer answer = preview(fixture.sink("nowhere", fixture.file("out")), Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("nothing to preview");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connector.start", "start", "poll"})
    void tellsWhichCallFailed(String method) {
        Map<String, String> source = fixture.source("numbers", 100);
        source.put("throw.in", method);

        JsonNode body = previewed(source, Map.of());

        assertThat(body.path("ended").asText()).isEqualTo("FAILED");
        assertThat(body.path("error").path("during").asText()).contains(method.replaceFirst(".*\\.", ""));
        assertThat(body.path("error").path("message").asText()).isEqualTo("the target is down: no route to host");
    }

    @Test
    void tellsNoSecretAndTakesAMaskForTheStoredOne() {
        Map<String, String> source = probe();
        source.put("password", "opensesame");
        fixture.create("previewed", source);

        JsonNode fresh = previewed(source, Map.of());
        source.put("password", "[hidden]");
        JsonNode masked = previewed(source, Map.of());

        for (JsonNode body : List.of(fresh, masked)) {
            assertThat(body.toString()).doesNotContain("opensesame");
            assertThat(body.path("error").path("message").asText())
                    .isEqualTo("password [hidden] of 10 letters is wrong");
        }
    }

    @Test
    void aConnectorIsSparedWhatItSaysItLeavesBehind() {
        Path trace = fixture.file("trace");
        Map<String, String> source = probe();
        source.put("trace", trace.toString());

        JsonNode body = previewed(source, Map.of("records", 1));

        assertThat(body.path("ended").asText()).isEqualTo("RECORDS");
        assertThat(body.path("changed").path("leave.trace").asText()).isEqualTo("false");
        assertThat(trace).doesNotExist();
    }

    @Test
    void aSourceThatIsQuietIsNoFailure() {
        Map<String, String> source = probe();
        source.put("hold.in", "poll");
        source.put("deaf", "false");

        JsonNode body = previewed(source, Map.of("seconds", 1));

        assertThat(body.path("ended").asText()).isEqualTo("TIME");
        assertThat(body.path("error").isNull()).isTrue();
        assertThat(previewThreads()).isEmpty();
    }

    @Test
    void connectorsThatNeverComeBackAreLeftAloneButNotManyOfThem() {
        List<CompletableFuture<JsonNode>> previews = new ArrayList<>();
        for (String method : List.of("connector.start", "start", "poll", "stop")) {
            Map<String, String> source = probe();
            source.put("hold.in", method);
            previews.add(CompletableFuture.supplyAsync(
                    () -> previewed(source, Map.of("records", 1, "seconds", 1)),
                    work -> Thread.ofVirtual().start(work)));
        }
        assertThat(previews)
                .extracting(
                        preview -> preview.join().path("error").path("message").asText())
                .allMatch(message ->
                        message.contains("was not done after 1 seconds") || message.contains("did not come back"));

        RestClient.Answer refused = preview(fixture.source("numbers", 3), Map.of());
        ProbeSourceConnector.letGo();

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.message()).contains("4 previews are under way");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(preview(fixture.source("numbers", 3), Map.of("seconds", 1))
                                .status())
                        .isEqualTo(200));
    }

    static Stream<Map<String, ?>> badBounds() {
        return Stream.of(
                Map.of("records", 0),
                Map.of("records", 1001),
                Map.of("records", "ten"),
                Map.of("seconds", 0),
                Map.of("seconds", 61),
                Map.of("limit", 3));
    }

    @ParameterizedTest
    @MethodSource("badBounds")
    void refusesWhatIsOutOfBounds(Map<String, ?> bounds) {
        assertThat(preview(fixture.source("numbers", 3), bounds).status()).isEqualTo(400);
    }

    @Test
    void refusesAConfigThatIsNotValid() {
        Map<String, String> source = fixture.source("numbers", 3);
        source.put("recrods", "5");

        RestClient.Answer answer = preview(source, Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("recrods");
        assertThat(fixture.rest().post("/v1/preview", Map.of("records", 3)).status())
                .isEqualTo(400);
    }
}
