package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connectors and their configs over REST: Kafka Connect's paths, bodies and status codes. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ConnectorRestTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    ConnectorRestTest(WhichLog log) {
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
    void createAnswers201WithLocationAndTheConnector() {
        RestClient.Answer answer = fixture.rest().create(fixture.name("numbers"), fixture.source("numbers", 1));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(fixture.rest().withoutAddress(answer.header("Location"))).isEqualTo(fixture.path("numbers"));
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text("name")).isEqualTo(fixture.name("numbers"));
        assertThat(answer.text("type")).isEqualTo("source");
        assertThat(answer.body().path("config").path("name").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(answer.body().path("tasks").isArray()).isTrue();
    }

    @Test
    void createAnswers409WhereThereIsOneOfThatName() {
        fixture.create("numbers", fixture.source("numbers", 1));

        RestClient.Answer answer = fixture.rest().create(fixture.name("numbers"), fixture.source("numbers", 2));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("error_code").asInt()).isEqualTo(409);
        assertThat(answer.message()).isEqualTo("Connector " + fixture.name("numbers") + " already exists");
    }

    @Test
    void createStartsInTheStateThatIsAskedFor() {
        Map<String, Object> body = new HashMap<>();
        body.put("name", fixture.name("numbers"));
        body.put("config", fixture.source("numbers", 1));
        body.put("initial_state", "STOPPED");

        assertThat(fixture.rest().post("/connectors", body).status()).isEqualTo(201);

        fixture.awaitConnector("numbers", "STOPPED");
    }

    @Test
    void createAnswers400ForAStateThatDoesNotExist() {
        Map<String, Object> body = Map.of(
                "name", fixture.name("numbers"), "config", fixture.source("numbers", 1), "initial_state", "ASLEEP");

        RestClient.Answer answer = fixture.rest().post("/connectors", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("ASLEEP", "RUNNING, PAUSED or STOPPED");
    }

    @Test
    void listNamesConnectorsAndExpandsThem() {
        fixture.create("numbers", fixture.source("numbers", 1));
        fixture.awaitTask("numbers", "RUNNING");
        String name = fixture.name("numbers");

        assertThat(fixture.rest().get("/connectors").body())
                .extracting(JsonNode::asText)
                .contains(name);
        assertThat(fixture.rest().get("/connectors/").status())
                .as("kcctl asks so")
                .isEqualTo(200);
        JsonNode expanded = fixture.rest()
                .get("/connectors?expand=status&expand=info&expand=weather")
                .body()
                .path(name);
        assertThat(expanded.path("status").path("connector").path("state").asText())
                .isEqualTo("RUNNING");
        assertThat(expanded.path("info").path("tasks").path(0).path("connector").asText())
                .isEqualTo(name);
        assertThat(fixture.rest()
                        .get("/connectors?expand=info")
                        .body()
                        .path(name)
                        .has("status"))
                .isFalse();
    }

    @Test
    void putMakesAConnectorOrChangesItsConfig() {
        Map<String, String> config = fixture.source("numbers", 1);
        String path = fixture.path("numbers") + "/config";

        RestClient.Answer made = fixture.rest().put(path, config);
        config.put("records", "2");
        RestClient.Answer changed = fixture.rest().put(path, config);

        assertThat(made.status()).isEqualTo(201);
        assertThat(fixture.rest().withoutAddress(made.header("Location"))).isEqualTo(fixture.path("numbers"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(fixture.rest().get(path).text("records")).isEqualTo("2");
    }

    @Test
    void patchChangesSomeKeysAndRemovesThoseThatAreNull() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("batch.size", "7");
        fixture.create("numbers", config);
        Map<String, Object> changes = new HashMap<>();
        changes.put("records", "5");
        changes.put("batch.size", null);

        RestClient.Answer answer = fixture.rest().patch(fixture.path("numbers") + "/config", changes);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode stored =
                fixture.rest().get(fixture.path("numbers") + "/config").body();
        assertThat(stored.path("records").asText()).isEqualTo("5");
        assertThat(stored.has("batch.size")).isFalse();
        assertThat(stored.path("topic").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(fixture.rest()
                        .patch(fixture.path("nobody") + "/config", changes)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void deleteAnswers204AndThen404() {
        fixture.create("numbers", fixture.source("numbers", 1));

        assertThat(fixture.rest().delete(fixture.path("numbers")).status()).isEqualTo(204);

        for (String below :
                new String[] {"", "/config", "/status", "/tasks", "/tasks/0/status", "/offsets", "/topics"}) {
            RestClient.Answer answer = fixture.rest().get(fixture.path("numbers") + below);
            assertThat(answer.status()).as(below).isEqualTo(404);
            assertThat(answer.body().path("error_code").asInt()).as(below).isEqualTo(404);
            assertThat(answer.message()).as(below).isNotEmpty();
        }
        assertThat(fixture.rest().delete(fixture.path("numbers")).status()).isEqualTo(404);
    }

    @Test
    void tasksTellsTheConfigOfEach() {
        fixture.create("numbers", fixture.source("numbers", 1));
        fixture.awaitTask("numbers", "RUNNING");

        JsonNode task =
                fixture.rest().get(fixture.path("numbers") + "/tasks").body().path(0);

        assertThat(task.path("id").path("connector").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(task.path("id").path("task").asInt(-1)).isZero();
        assertThat(task.path("config").path("topic").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(task.path("config").path("task.class").asText())
                .isEqualTo("io.millrace.connect.testkit.CountingSourceTask");
    }

    @Test
    void statusHasKafkaConnectsShape() {
        fixture.create("numbers", fixture.source("numbers", 1));
        fixture.awaitTask("numbers", "RUNNING");

        JsonNode status =
                fixture.rest().get(fixture.path("numbers") + "/status").body();

        assertThat(status.path("name").asText()).isEqualTo(fixture.name("numbers"));
        assertThat(status.path("type").asText()).isEqualTo("source");
        assertThat(status.path("connector").path("version").asText()).isEqualTo("1.2.3");
        assertThat(status.path("connector").path("worker_id").asText()).startsWith("127.0.0.1:");
        JsonNode task = status.path("tasks").path(0);
        assertThat(task.path("id").asInt(-1)).isZero();
        assertThat(task.path("worker_id").asText()).startsWith("127.0.0.1:");
        assertThat(task.has("trace")).isFalse();
        assertThat(fixture.rest()
                        .get(fixture.path("numbers") + "/tasks/0/status")
                        .body())
                .isEqualTo(task);
        assertThat(fixture.rest()
                        .get(fixture.path("numbers") + "/tasks/7/status")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void takesNamesWithSlashesSpacesAndLettersOfAnyLanguage() {
        String name = fixture.name("Täglich/alle 5+1 Zahlen?");
        String path = "/connectors/" + RestClient.encoded(name);

        RestClient.Answer made = fixture.rest().create(name, fixture.source("numbers", 1));

        assertThat(made.status()).as(made.message()).isEqualTo(201);
        assertThat(fixture.rest().withoutAddress(made.header("Location"))).isEqualTo(path);
        await().untilAsserted(() -> assertThat(fixture.rest()
                        .get(path + "/status")
                        .body()
                        .path("tasks")
                        .path(0)
                        .path("state")
                        .asText())
                .isEqualTo("RUNNING"));
        assertThat(fixture.rest().get(path).text("name")).isEqualTo(name);
        assertThat(fixture.rest().put(path + "/pause").status()).isEqualTo(202);
        assertThat(fixture.rest().delete(path).status()).isEqualTo(204);
    }

    @Test
    void topicsTellsWhatAConnectorHasUsedUntilReset() {
        fixture.create("numbers", fixture.source("numbers", 1));
        String name = fixture.name("numbers");
        String path = fixture.path("numbers") + "/topics";

        await().untilAsserted(() -> assertThat(
                        fixture.rest().get(path).body().path(name).path("topics"))
                .extracting(JsonNode::asText)
                .containsExactly(name));
        assertThat(fixture.rest().put(path + "/reset").status()).isEqualTo(202);
        assertThat(fixture.rest().get(path).body().path(name).path("topics")).isEmpty();
    }

    @Test
    void secretsAreShownAsAMaskThatKeepsTheStoredValue() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("access.password", "s3cret");
        config.put("driver.api.token", "t0ken");
        RestClient.Answer made = fixture.rest().create(fixture.name("numbers"), config);
        fixture.awaitTask("numbers", "RUNNING");
        String path = fixture.path("numbers");

        Map<String, String> sentBack = new HashMap<>();
        fixture.rest()
                .get(path + "/config")
                .body()
                .properties()
                .forEach(each -> sentBack.put(each.getKey(), each.getValue().asText()));
        assertThat(sentBack).containsEntry("access.password", "[hidden]").containsEntry("driver.api.token", "[hidden]");
        sentBack.put("records", "2");
        assertThat(fixture.rest().put(path + "/config", sentBack).status()).isEqualTo(200);

        for (JsonNode shown : new JsonNode[] {
            made.body(),
            fixture.rest().get(path).body(),
            fixture.rest().get(path + "/tasks").body(),
            fixture.rest().get("/connectors?expand=info").body()
        }) {
            assertThat(shown.toString()).contains("[hidden]").doesNotContain("s3cret", "t0ken");
        }
        assertThat(fixture.storedConfig("numbers").toString())
                .contains("sealed:1:")
                .doesNotContain("s3cret", "t0ken");
    }

    @Test
    void secretsDoNotComeBackFromValidation() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("name", "any");
        config.put("access.password", "s3cret");

        RestClient.Answer answer = fixture.rest().put("/connector-plugins/CountingSource/config/validate", config);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().toString()).doesNotContain("s3cret");
    }
}
