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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every config that a connector had, and the way back to it. */
class VersionsTest {

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

    private String versions(String name) {
        return "/v1" + fixture.path(name) + "/versions";
    }

    private void put(String name, Map<String, String> config) {
        RestClient.Answer answer = fixture.rest().put(fixture.path(name) + "/config", config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
    }

    private JsonNode list(String name) {
        return fixture.rest().get(versions(name)).body().path("versions");
    }

    private List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        list(name).forEach(version -> numbers.add(version.path("version").asInt()));
        return numbers;
    }

    @Test
    void everyConfigIsKeptWithItsTimeAndWhoStoredIt() {
        Map<String, String> config = fixture.source("numbers", 3);
        config.put("access.password", "s3cret");
        fixture.create("numbers", config);
        config.put("records", "4");
        put("numbers", config);
        put("numbers", config);

        JsonNode kept = list("numbers");

        assertThat(numbers("numbers"))
                .as("the same config twice is one version")
                .containsExactly(2, 1);
        assertThat(kept.path(0).has("replaced")).isFalse();
        assertThat(kept.path(1).path("replaced").asText())
                .isEqualTo(kept.path(0).path("time").asText());
        assertThat(kept.path(1).path("by").asText()).isEqualTo("rest");
        assertThat(kept.path(1).path("config").path("records").asText()).isEqualTo("3");
        assertThat(kept.toString()).contains("[hidden]").doesNotContain("s3cret", "sealed:");
        assertThat(fixture.rest().get(versions("numbers") + "/1").body()).isEqualTo(kept.path(1));
    }

    @Test
    void aRollbackIsTheNextVersion() {
        Map<String, String> config = fixture.source("numbers", 3);
        config.put("access.password", "s3cret");
        fixture.create("numbers", config);
        Map<String, String> sealed = fixture.storedConfig("numbers");
        put("numbers", fixture.source("numbers", 4));

        RestClient.Answer answer = fixture.rest().post(versions("numbers") + "/1/rollback", Map.of());

        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        assertThat(answer.body().path("config").path("records").asText()).isEqualTo("3");
        assertThat(fixture.storedConfig("numbers")).isEqualTo(sealed);
        assertThat(numbers("numbers")).containsExactly(3, 2, 1);
        assertThat(list("numbers").path(0).path("by").asText()).isEqualTo("rollback to 1");
        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void aRollbackWithOffsetsGoesOnFromWhereThatVersionWasReplaced() {
        Path first = fixture.file("first");
        Path second = fixture.file("second");
        fixture.create("numbers", fixture.source("numbers", 10));
        fixture.create("file", fixture.sink("numbers", first));
        fixture.awaitLines(first, 10);
        awaitOffset("file", 10);
        put("file", fixture.sink("numbers", second));
        put("numbers", fixture.source("numbers", 15));
        fixture.awaitLines(second, 5);
        awaitOffset("file", 15);

        RestClient.Answer answer = fixture.rest().post(versions("file") + "/1/rollback", Map.of("offsets", true));

        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        fixture.awaitLines(first, 15);
        assertThat(WorkerFixture.lines(first)).as("nothing is read twice").hasSize(15);
    }

    @Test
    void theOffsetsOfASourceAreThoseOfThatTimeAsWell() {
        fixture.create("numbers", fixture.source("numbers", 5));
        awaitOffset("numbers", 5);
        put("numbers", fixture.source("numbers", 8));
        awaitOffset("numbers", 8);

        RestClient.Answer answer = fixture.rest().post(versions("numbers") + "/1/rollback", Map.of("offsets", true));

        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        assertThat(fixture.rest()
                        .get(fixture.path("numbers") + "/offsets")
                        .body()
                        .toString())
                .contains("\"next\":5");
        fixture.awaitTask("numbers", "RUNNING");
    }

    private void awaitOffset(String name, int offset) {
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> fixture.rest()
                                .get(fixture.path(name) + "/offsets")
                                .body()
                                .toString(),
                        text -> text.matches(".*\"(next|kafka_offset)\":" + offset + "}.*"));
    }

    @Test
    void whatIsNotThereIsRefused() {
        fixture.create("numbers", fixture.source("numbers", 3));

        assertThat(fixture.rest().get("/v1/connectors/nobody/versions").status())
                .isEqualTo(404);
        assertThat(fixture.rest().get(versions("numbers") + "/7").status()).isEqualTo(404);
        assertThat(fixture.rest().get(versions("numbers") + "/x").status()).isEqualTo(400);
        assertThat(fixture.rest()
                        .post(versions("numbers") + "/7/rollback", Map.of())
                        .status())
                .isEqualTo(404);
        RestClient.Answer current = fixture.rest().post(versions("numbers") + "/1/rollback", Map.of("offsets", true));
        assertThat(current.status()).isEqualTo(400);
        assertThat(current.message()).contains("Version 1 is the config", "no offsets");
    }

    @Test
    void aDeletedConnectorBeginsAnew() {
        fixture.create("numbers", fixture.source("numbers", 3));
        put("numbers", fixture.source("numbers", 4));
        assertThat(fixture.rest().delete(fixture.path("numbers")).status()).isEqualTo(204);
        assertThat(fixture.rest().get(versions("numbers")).status()).isEqualTo(404);

        fixture.create("numbers", fixture.source("numbers", 5));

        assertThat(numbers("numbers")).containsExactly(1);
    }

    @Test
    void onlySoManyAreKeptAndARestartForgetsNone() {
        Map<String, String> settings = new HashMap<>();
        settings.put(WorkerConfig.VERSIONS_MAX, "3");
        try (WorkerFixture own = new WorkerFixture(WhichLog.MILLRACE, directory, settings)) {
            fixture = own;
            own.create("numbers", own.source("numbers", 1));
            for (int records = 2; records <= 6; records++) {
                put("numbers", own.source("numbers", records));
            }
            JsonNode before = list("numbers");

            own.restartWorker();

            assertThat(numbers("numbers")).containsExactly(6, 5, 4);
            assertThat(list("numbers")).isEqualTo(before);
        }
    }
}
