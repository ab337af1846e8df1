package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a config would change, told before it is stored. */
class PlanTest {

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(WhichLog.MILLRACE, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private RestClient.Answer ask(String name, Map<String, String> config) {
        return fixture.rest().put("/v1" + fixture.path(name) + "/plan", config);
    }

    private JsonNode plan(String name, Map<String, String> config) {
        RestClient.Answer answer = ask(name, config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void tellsWhatAChangeWouldDoAndDoesNotDoIt() {
        Map<String, String> config = fixture.source("numbers", 3);
        config.put("access.password", "s3cret");
        config.put("driver.note", "old");
        fixture.create("numbers", config);
        fixture.awaitTask("numbers", "RUNNING");
        Map<String, String> before = fixture.storedConfig("numbers");
        config.put("records", "4");
        config.put("access.password", "an0ther");
        config.put("batch.size", "5");
        config.remove("driver.note");

        JsonNode plan = plan("numbers", config);

        assertThat(plan.path("created").asBoolean(true)).isFalse();
        assertThat(plan.path("changes").toString())
                .isEqualTo("{\"access.password\":{\"from\":\"[hidden]\",\"to\":\"[hidden]\"},"
                        + "\"batch.size\":{\"from\":null,\"to\":\"5\"},"
                        + "\"driver.note\":{\"from\":\"old\",\"to\":null},"
                        + "\"records\":{\"from\":\"3\",\"to\":\"4\"}}");
        assertThat(plan.path("restarted_tasks").toString()).isEqualTo("[0]");
        assertThat(plan.path("errors")).isEmpty();
        assertThat(plan.path("topic_groups").path(0).path("include").path(0).asText())
                .isEqualTo(".*");
        assertThat(fixture.storedConfig("numbers")).isEqualTo(before);
    }

    @Test
    void theSameConfigChangesNothingAlsoWithMasks() {
        Map<String, String> config = fixture.source("numbers", 3);
        config.put("access.password", "s3cret");
        fixture.create("numbers", config);
        fixture.awaitTask("numbers", "RUNNING");

        JsonNode same = plan("numbers", config);
        config.put("access.password", "[hidden]");
        JsonNode masked = plan("numbers", config);

        for (JsonNode plan : new JsonNode[] {same, masked}) {
            assertThat(plan.path("changes")).isEmpty();
            assertThat(plan.path("restarted_tasks")).isEmpty();
        }
    }

    @Test
    void tellsWhatANewSinkWouldMakeAndMiss() {
        Map<String, String> config = fixture.sink("nothing", fixture.file("out"));
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", fixture.name("letters"));

        JsonNode plan = plan("file", config);

        assertThat(plan.path("created").asBoolean()).isTrue();
        assertThat(plan.path("topics_made").path(0).asText()).isEqualTo(fixture.name("letters"));
        assertThat(plan.path("topics_missing").path(0).asText()).isEqualTo(fixture.name("nothing"));
        assertThat(fixture.rest().get(fixture.path("file")).status()).isEqualTo(404);
    }

    @Test
    void errorsAreInThePlanAndAMaskForNothingIsRefused() {
        Map<String, String> config = fixture.source("numbers", 3);
        config.put("bach.size", "5");
        config.put("records", "-1");

        assertThat(plan("numbers", config).path("errors").toString())
                .contains("did you mean \\\"batch.size\\\"?", "records");
        config.put("access.password", "[hidden]");
        assertThat(ask("numbers", config).status()).isEqualTo(400);
    }

    private Map<String, String> leaky() {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "LeakySource");
        config.put("lgoin", "accepted");
        return config;
    }

    @Test
    void unknownKeysOfOtherPluginsAreWarnings() {
        fixture.create("leaky", leaky());

        assertThat(plan("leaky", leaky()).path("warnings").toString()).contains("lgoin", "did you mean", "login");
        assertThat(fixture.rest()
                        .get("/v1/pipelines/" + fixture.name("leaky"))
                        .body()
                        .path("warnings")
                        .toString())
                .contains("lgoin");
    }

    @Test
    void aStrictWorkerRefusesThem() {
        try (WorkerFixture strict =
                new WorkerFixture(WhichLog.MILLRACE, directory, Map.of(WorkerConfig.UNKNOWN_KEYS, "refuse"))) {
            RestClient.Answer answer = strict.rest().create(strict.name("leaky"), leaky());

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.message()).contains("lgoin", "did you mean", "login");
        }
    }
}
