package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What connectors should be doing, over REST. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class StateRestTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    StateRestTest(WhichLog log) {
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

    @Test
    void pauseHoldsTheRecordsAndResumeLetsThemGo() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 5));
        fixture.create("file", fixture.sink("numbers", file));
        fixture.awaitLines(file, 5);

        assertThat(fixture.rest().put(fixture.path("numbers") + "/pause").status())
                .isEqualTo(202);
        fixture.awaitConnector("numbers", "PAUSED");
        fixture.awaitTask("numbers", "PAUSED");
        assertThat(fixture.rest()
                        .put(fixture.path("numbers") + "/config", fixture.source("numbers", 9))
                        .status())
                .isEqualTo(200);
        fixture.awaitTask("numbers", "PAUSED");
        assertThat(WorkerFixture.lines(file)).hasSize(5);
        assertThat(fixture.rest().put(fixture.path("numbers") + "/resume").status())
                .isEqualTo(202);

        fixture.awaitLines(file, 9);
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void stopLetsGoOfTheTasksAndKeepsTheConfig() {
        fixture.create("numbers", fixture.source("numbers", 5));
        fixture.awaitTask("numbers", "RUNNING");

        assertThat(fixture.rest().put(fixture.path("numbers") + "/stop").status())
                .isEqualTo(204);

        fixture.awaitConnector("numbers", "STOPPED");
        await().untilAsserted(() -> assertThat(
                        fixture.rest().get(fixture.path("numbers") + "/tasks").body())
                .isEmpty());
        assertThat(fixture.rest().get(fixture.path("numbers") + "/config").text("records"))
                .isEqualTo("5");
        fixture.rest().put(fixture.path("numbers") + "/resume");
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void restartAnswersByWhatIsAskedFor() {
        fixture.create("numbers", fixture.source("numbers", 5));
        fixture.awaitTask("numbers", "RUNNING");
        String restart = fixture.path("numbers") + "/restart";

        assertThat(fixture.rest().post(restart, Map.of()).status()).isEqualTo(204);
        RestClient.Answer withTasks = fixture.rest().post(restart + "?includeTasks=true", Map.of());

        assertThat(withTasks.status()).isEqualTo(202);
        assertThat(withTasks.text("name")).isEqualTo(fixture.name("numbers"));
        assertThat(withTasks.body().path("tasks")).hasSize(1);
        fixture.awaitConnector("numbers", "RUNNING");
        fixture.awaitTask("numbers", "RUNNING");
        assertThat(fixture.rest()
                        .post(fixture.path("numbers") + "/tasks/0/restart", Map.of())
                        .status())
                .isEqualTo(204);
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void restartOfOnlyWhatFailedLeavesTheOthersAlone() {
        fixture.create("numbers", fixture.source("numbers", 5));
        fixture.awaitTask("numbers", "RUNNING");

        JsonNode plan = fixture.rest()
                .post(fixture.path("numbers") + "/restart?includeTasks=true&onlyFailed=true", Map.of())
                .body();

        assertThat(plan.path("connector").path("state").asText()).isEqualTo("RUNNING");
        assertThat(plan.path("tasks").path(0).path("state").asText()).isEqualTo("RUNNING");
    }

    @Test
    void restartBringsBackATaskThatFailedForGood() {
        Map<String, String> config = fixture.source("numbers", 5);
        Path mended = fixture.file("mended");
        config.put("throw.in", "start");
        config.put("throw.what", "config");
        config.put("throw.until", mended.toString());
        fixture.create("numbers", config);
        fixture.awaitTask("numbers", "FAILED");

        fixture.touch(mended);
        RestClient.Answer answer =
                fixture.rest().post(fixture.path("numbers") + "/restart?includeTasks=true&onlyFailed=true", Map.of());

        assertThat(answer.status()).isEqualTo(202);
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void unknownNamesAnswer404() {
        String path = fixture.path("nobody");

        for (String verb : List.of("pause", "resume", "stop", "topics/reset")) {
            assertThat(fixture.rest().put(path + "/" + verb).status()).as(verb).isEqualTo(404);
        }
        assertThat(fixture.rest().post(path + "/restart", Map.of()).status()).isEqualTo(404);
        assertThat(fixture.rest().post(path + "/tasks/0/restart", Map.of()).status())
                .isEqualTo(404);
        fixture.create("numbers", fixture.source("numbers", 1));
        fixture.awaitTask("numbers", "RUNNING");
        assertThat(fixture.rest()
                        .post(fixture.path("numbers") + "/tasks/5/restart", Map.of())
                        .message())
                .contains("Unknown task");
        assertThat(fixture.rest()
                        .post(fixture.path("numbers") + "/tasks/x/restart", Map.of())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void offsetsOfASourceAreShownSetAndForgotten() {
        fixture.create("numbers", fixture.source("numbers", 5));
        String offsets = fixture.path("numbers") + "/offsets";
        await().untilAsserted(() -> assertThat(fixture.rest()
                        .get(offsets)
                        .body()
                        .path("offsets")
                        .path(0)
                        .path("offset")
                        .path("next")
                        .asInt())
                .isEqualTo(5));
        Map<String, Object> wanted = Map.of("partition", Map.of("source", "counter"), "offset", Map.of("next", 3));

        RestClient.Answer early = fixture.rest().patch(offsets, Map.of("offsets", List.of(wanted)));
        stop("numbers");
        RestClient.Answer set = fixture.rest().patch(offsets, Map.of("offsets", List.of(wanted)));

        assertThat(early.status()).isEqualTo(400);
        assertThat(early.message()).contains("must be in the STOPPED state");
        assertThat(set.status()).as(set.message()).isEqualTo(200);
        assertThat(set.message()).contains("offsets for this connector have been altered successfully");
        assertThat(fixture.rest().get(offsets).body().path("offsets"))
                .extracting(entry -> entry.path("offset").path("next").asInt())
                .containsExactly(3);
        assertThat(fixture.rest().delete(offsets).message()).contains("reset successfully");
        assertThat(fixture.rest().get(offsets).body().path("offsets")).isEmpty();
    }

    @Test
    void offsetsOfASinkAreThoseOfItsGroup() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 5));
        fixture.create("file", fixture.sink("numbers", file));
        String offsets = fixture.path("file") + "/offsets";
        await().untilAsserted(() -> assertThat(sinkOffsets(offsets)).containsExactly(5));
        Map<String, Object> wanted = Map.of(
                "partition",
                Map.of("kafka_topic", fixture.name("numbers"), "kafka_partition", 0),
                "offset",
                Map.of("kafka_offset", 2));
        stop("file");

        RestClient.Answer set = fixture.rest().patch(offsets, Map.of("offsets", List.of(wanted)));

        assertThat(set.status()).as(set.message()).isEqualTo(200);
        assertThat(sinkOffsets(offsets)).containsExactly(2);
        fixture.rest().put(fixture.path("file") + "/resume");
        await().untilAsserted(() -> assertThat(WorkerFixture.lines(file)).hasSize(8));
        stop("file");
        RestClient.Answer reset = fixture.rest().delete(offsets);
        assertThat(reset.status()).as(reset.message()).isEqualTo(200);
        assertThat(sinkOffsets(offsets)).isEmpty();
    }

    private List<Integer> sinkOffsets(String path) {
        return fixture.rest().get(path).body().path("offsets").findValues("kafka_offset").stream()
                .map(JsonNode::asInt)
                .toList();
    }

    @Test
    void offsetsThatMakeNoSenseAnswer400() {
        fixture.create("file", fixture.sink("numbers", fixture.file("out")));
        String offsets = fixture.path("file") + "/offsets";
        stop("file");
        Map<String, Object> noPartition = new HashMap<>();
        noPartition.put("partition", Map.of("kafka_topic", "t"));
        noPartition.put("offset", Map.of("kafka_offset", 1));

        assertThat(fixture.rest().patch(offsets, Map.of("offsets", List.of())).status())
                .isEqualTo(400);
        RestClient.Answer refused = fixture.rest().patch(offsets, Map.of("offsets", List.of(noPartition)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("kafka_partition");
        assertThat(fixture.rest().patch(offsets, Map.of("offsets", List.of(5))).status())
                .isEqualTo(400);
        assertThat(fixture.rest().delete(fixture.path("nobody") + "/offsets").status())
                .isEqualTo(404);
    }

    private void stop(String name) {
        fixture.rest().put(fixture.path(name) + "/stop");
        fixture.awaitConnector(name, "STOPPED");
        await().untilAsserted(() -> assertThat(fixture.rest()
                        .get(fixture.path(name) + "/status")
                        .body()
                        .path("tasks"))
                .isEmpty());
    }
}
