package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Levels of loggers over REST. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class LoggersTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    LoggersTest(WhichLog log) {
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
    void levelsAreShownAndSetForAllBelowAName() {
        String top = "io.millrace.some." + fixture.name("place").replace("-", "");
        assertThat(fixture.rest().get("/admin/loggers/" + top).status()).isEqualTo(404);

        RestClient.Answer below = fixture.rest().put("/admin/loggers/" + top + ".below", Map.of("level", "ERROR"));
        RestClient.Answer set = fixture.rest().put("/admin/loggers/" + top, Map.of("level", "trace"));

        assertThat(below.status()).isEqualTo(200);
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.body()).extracting(JsonNode::asText).containsExactly(top, top + ".below");
        JsonNode all = fixture.rest().get("/admin/loggers").body();
        assertThat(all.path(top + ".below").path("level").asText()).isEqualTo("TRACE");
        assertThat(all.path("root").path("level").asText()).isEqualTo("ERROR");
        RestClient.Answer one = fixture.rest().get("/admin/loggers/" + top);
        assertThat(one.text("level")).isEqualTo("TRACE");
        assertThat(one.body().path("last_modified").isNumber()).isTrue();
    }

    @Test
    void theWholeClusterAnswers204() {
        String path = "/admin/loggers/io.millrace.any?scope=cluster";

        assertThat(fixture.rest().put(path, Map.of("level", "WARN")).status()).isEqualTo(204);
    }

    @Test
    void levelsThatDoNotExistAnswer404AndNone400() {
        String path = "/admin/loggers/io.millrace.any";

        assertThat(fixture.rest().put(path, Map.of("level", "LOUD")).status()).isEqualTo(404);
        assertThat(fixture.rest().put(path, Map.of()).status()).isEqualTo(400);
        assertThat(fixture.rest().put(path, Map.of("level", 5)).status()).isEqualTo(400);
        assertThat(fixture.rest().get("/admin/loggers/root").text("level")).isEqualTo("ERROR");
    }
}
