package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that are wrong in themselves, and what the worker says of its plugins. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class BadRequestTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    BadRequestTest(WhichLog log) {
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

    private static void assertRefused(RestClient.Answer answer, int status) {
        assertThat(answer.status()).as(answer.message()).isEqualTo(status);
        assertThat(answer.body().path("error_code").asInt()).isEqualTo(status);
        assertThat(answer.message()).isNotBlank();
    }

    @Test
    void bodiesThatAreNotJsonAnswer400() {
        for (String body : List.of("{\"name\":", "nonsense", "{\"name\":\"a\"} trailing", "\u0000")) {
            assertRefused(fixture.rest().send("POST", "/connectors", body), 400);
        }
        assertThat(fixture.rest().send("POST", "/connectors", "{\"name\":").message())
                .contains("not valid JSON");
    }

    @Test
    void bodiesOfAnotherShapeAnswer400() {
        for (String body : List.of("[]", "5", "null", "{}", "{\"name\":5}", "{\"name\":\"a\",\"config\":[]}")) {
            assertRefused(fixture.rest().send("POST", "/connectors", body), 400);
        }
        assertRefused(fixture.rest().send("POST", "/connectors", ""), 400);
        assertRefused(
                fixture.rest().send("PUT", fixture.path("a") + "/config", "{\"connector.class\":{\"deep\":1}}"), 400);
        assertRefused(fixture.rest().send("PUT", fixture.path("a") + "/config", "{\"topic\":null}"), 400);
    }

    @Test
    void anotherContentTypeAnswers415() {
        String body = "{\"name\":\"a\",\"config\":{}}";

        assertRefused(fixture.rest().send("POST", "/connectors", body, "text/plain"), 415);
        assertRefused(fixture.rest().send("POST", "/connectors", body, "application/xml"), 415);
        assertRefused(fixture.rest().send("POST", "/connectors", body, "application/json;charset=UTF-8"), 400);
    }

    @Test
    void unknownPathsAnswer404AndWrongVerbs405() {
        assertRefused(fixture.rest().get("/nowhere"), 404);
        assertRefused(fixture.rest().get("/connectors/a/b/c/d"), 404);
        assertRefused(fixture.rest().delete("/connectors"), 405);
        assertRefused(fixture.rest().put("/connectors/a/status"), 405);
    }

    @Test
    void rootAndHealthTellWhatRuns() {
        JsonNode root = fixture.rest().get("/").body();

        assertThat(root.path("version").asText()).isNotEmpty();
        assertThat(root.path("kafka_cluster_id").asText()).isNotEmpty();
        RestClient.Answer health = fixture.rest().get("/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.text("status")).isEqualTo("healthy");
    }

    @Test
    void pluginsAreListedWithTheirVersions() {
        List<JsonNode> connectors = new ArrayList<>();
        fixture.rest().get("/connector-plugins").body().forEach(connectors::add);
        List<JsonNode> all = new ArrayList<>();
        fixture.rest().get("/connector-plugins?connectorsOnly=false").body().forEach(all::add);

        assertThat(connectors)
                .allSatisfy(plugin -> assertThat(plugin.path("type").asText()).isIn("source", "sink"));
        assertThat(connectors)
                .filteredOn(plugin -> plugin.path("class").asText().endsWith(".testkit.FileSinkConnector"))
                .singleElement()
                .satisfies(plugin -> assertThat(plugin.path("version").asText()).isEqualTo("1.2.3"));
        assertThat(all)
                .extracting(plugin -> plugin.path("type").asText())
                .contains("transformation", "predicate", "converter", "header_converter");
    }

    @Test
    void definitionsOfAPluginAreThoseOfAForm() {
        JsonNode keys =
                fixture.rest().get("/connector-plugins/CountingSource/config").body();
        Map<String, JsonNode> byName = new HashMap<>();
        keys.forEach(key -> byName.put(key.path("name").asText(), key));

        JsonNode batch = byName.get("batch.size");
        assertThat(batch).isNotNull();
        assertThat(batch.path("type").asText()).isEqualTo("INT");
        assertThat(batch.path("required").asBoolean(true)).isFalse();
        assertThat(batch.path("default_value").asText()).isEqualTo("10");
        assertThat(batch.path("importance").asText()).isEqualTo("LOW");
        assertThat(byName).containsKeys("tasks.max", "topic", "errors.tolerance");
        assertThat(fixture.rest()
                        .get("/connector-plugins/org.apache.kafka.connect.transforms.InsertField$Value/config")
                        .status())
                .isEqualTo(200);
        assertRefused(fixture.rest().get("/connector-plugins/NoSuch/config"), 404);
    }

    @Test
    void validationTellsOfEachKeyAndCountsWhatIsWrong() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("batch.size", "0");
        config.put("recrods", "1");

        RestClient.Answer answer = fixture.rest()
                .put("/connector-plugins/io.millrace.connect.testkit.CountingSourceConnector/config/validate", config);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("name")).isEqualTo("CountingSource");
        assertThat(answer.body().path("error_count").asInt())
                .as("batch.size, recrods, and the missing name")
                .isEqualTo(3);
        assertThat(answer.body().path("groups").isArray()).isTrue();
        JsonNode batch = value(answer.body(), "batch.size");
        assertThat(batch.path("definition").path("type").asText()).isEqualTo("INT");
        assertThat(batch.path("value").path("value").asText()).isEqualTo("0");
        assertThat(batch.path("value").path("errors")).hasSize(1);
        assertThat(batch.path("value").path("visible").asBoolean()).isTrue();
        assertThat(value(answer.body(), "recrods").path("value").path("errors").toString())
                .contains("records");
    }

    private static JsonNode value(JsonNode report, String key) {
        for (JsonNode each : report.path("configs")) {
            if (each.path("value").path("name").asText().equals(key)) {
                return each;
            }
        }
        return report.path("missing");
    }

    @Test
    void validationOfAnotherClassThanThePathNamesAnswers400() {
        Map<String, String> config = fixture.source("numbers", 1);

        assertRefused(fixture.rest().put("/connector-plugins/FileSink/config/validate", config), 400);
        config.put("connector.class", "NoSuch");
        assertRefused(fixture.rest().put("/connector-plugins/NoSuch/config/validate", config), 400);
    }
}
