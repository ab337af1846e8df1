package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin in two versions, side by side (KIP-891). */
class PluginVersionsTest {

    private static final String OLD = "1.2.3";
    private static final String NEW = "1.10.0";

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    @BeforeEach
    void startWorker() {
        Path old = FixturePlugin.versionIn(directory.resolve("old"), OLD);
        Path fresh = FixturePlugin.versionIn(directory.resolve("new"), NEW);
        fixture = new WorkerFixture(WhichLog.MILLRACE, directory, Map.of(WorkerConfig.PLUGIN_PATH, fresh + "," + old));
    }

    @AfterEach
    void stopWorker() {
        fixture.close();
    }

    private Map<String, String> source(Map<String, String> further) {
        Map<String, String> config = fixture.source("numbers", 5);
        config.putAll(further);
        return config;
    }

    private String versionOf(String name) {
        JsonNode status = fixture.rest().get(fixture.path(name) + "/status").body();
        return status.path("connector").path("version").asText();
    }

    @Test
    void eachConnectorRunsInTheVersionThatItAsksFor() {
        fixture.create("newest", source(Map.of()));
        fixture.create("latest", source(Map.of("connector.plugin.version", "latest")));
        fixture.create("exact", source(Map.of("connector.plugin.version", OLD)));
        fixture.create("range", source(Map.of("connector.plugin.version", "[1.0,1.10)")));

        for (String name : List.of("newest", "latest", "exact", "range")) {
            fixture.awaitTask(name, "RUNNING");
        }
        assertThat(versionOf("newest")).isEqualTo(NEW);
        assertThat(versionOf("latest")).isEqualTo(NEW);
        assertThat(versionOf("exact")).isEqualTo(OLD);
        assertThat(versionOf("range")).isEqualTo(OLD);
        await().untilAsserted(() -> assertThat(LogReading.records(WhichLog.MILLRACE, fixture.name("numbers")))
                .hasSize(20));
    }

    @Test
    void bothAreListed() {
        JsonNode plugins = fixture.rest().get("/connector-plugins").body();

        assertThat(StreamSupport.stream(plugins.spliterator(), false)
                        .filter(plugin -> plugin.path("class").asText().endsWith("CountingSourceConnector"))
                        .map(plugin -> plugin.path("version").asText()))
                .containsExactlyInAnyOrder(OLD, NEW);
        assertThat(fixture.rest()
                        .get("/connector-plugins/CountingSource/config?version=" + OLD)
                        .status())
                .isEqualTo(200);
        assertThat(fixture.rest()
                        .get("/connector-plugins/CountingSource/config?version=7")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aVersionThatIsNotInstalledIsRefusedWithThoseThatAre() {
        assertThat(refusal(Map.of("connector.plugin.version", "[2.0,)"))).contains("[2.0,)", OLD + ", " + NEW);
        assertThat(refusal(Map.of("connector.plugin.version", "[1.0"))).contains("neither a version");
        assertThat(refusal(Map.of(
                        "transforms", "s",
                        "transforms.s.type", "Stumble",
                        "transforms.s.plugin.version", "3")))
                .contains("transforms.s.plugin.version", OLD + ", " + NEW);
        assertThat(refusal(Map.of(
                        "value.converter", "org.apache.kafka.connect.json.JsonConverter",
                        "value.converter.plugin.version", "0.1")))
                .contains("value.converter.plugin.version", "not installed");
    }

    private String refusal(Map<String, String> further) {
        RestClient.Answer answer = fixture.rest().create(fixture.name("wrong"), source(further));
        assertThat(answer.status()).as(answer.message()).isEqualTo(400);
        return answer.message();
    }

    @Test
    void aTransformRunsInTheVersionThatIsAskedFor() {
        fixture.create(
                "transformed",
                source(Map.of(
                        "transforms", "s",
                        "transforms.s.type", "Stumble",
                        "transforms.s.plugin.version", OLD)));

        await().untilAsserted(() -> assertThat(LogReading.records(WhichLog.MILLRACE, fixture.name("numbers")))
                .hasSize(5));
    }
}
