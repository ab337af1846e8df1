package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that lie in files and in the environment, and stay there. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ConfigVariablesTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    ConfigVariablesTest(WhichLog log) {
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

    private String inFile(String key, String value) throws IOException {
        Path file = Files.createDirectories(fixture.readable()).resolve(fixture.name("values"));
        Files.writeString(file, key + "=" + value + "\n");
        return "${file:%s:%s}".formatted(file, key);
    }

    @Test
    void aValueFromAFileReachesTheTaskAndNothingElse() throws IOException {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("records", inFile("count", "37"));
        RestClient.Answer made = fixture.rest().create(fixture.name("numbers"), config);
        assertThat(made.status()).as(made.message()).isEqualTo(201);

        await().untilAsserted(() ->
                assertThat(LogReading.records(log, fixture.name("numbers"))).hasSize(37));

        assertThat(fixture.rest().get(fixture.path("numbers") + "/config").text("records"))
                .startsWith("${file:");
        assertThat(fixture.rest().get(fixture.path("numbers") + "/tasks").body().toString())
                .contains("${file:")
                .doesNotContain("\"37\"");
        assertThat(fixture.storedConfig("numbers").get("records")).startsWith("${file:");
    }

    @Test
    void aVariableOfTheEnvironmentCounts() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("driver.something", "${env:PATH}");

        assertThat(fixture.rest().create(fixture.name("numbers"), config).status())
                .isEqualTo(201);

        fixture.awaitTask("numbers", "RUNNING");
    }

    @Test
    void aValueIsCheckedAndNotShown() throws IOException {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("name", "any");
        config.put("records", inFile("count", "37"));

        RestClient.Answer answer = fixture.rest().put("/connector-plugins/CountingSource/config/validate", config);

        assertThat(answer.body().path("error_count").asInt(-1)).isZero();
        assertThat(answer.body().toString()).contains("${file:").doesNotContain("\"37\"");
    }

    @Test
    void whatAProviderDoesNotHaveAnswers400() throws IOException {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("records", inFile("count", "37").replace("count}", "cuont}"));

        RestClient.Answer answer = fixture.rest().create(fixture.name("numbers"), config);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("records", "cuont", "no such value");
        assertThat(fixture.rest().get(fixture.path("numbers")).status()).isEqualTo(404);
    }

    @Test
    void filesOutsideTheAllowedRootAreNotRead() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside"), "count=unreadable\n");
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("records", "${file:" + outside + ":count}");

        RestClient.Answer answer = fixture.rest().create(fixture.name("numbers"), config);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).doesNotContain("unreadable");
    }

    @Test
    void whatLooksLikeAVariableOfNobodyIsLeftAlone() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put("driver.pattern", "${topic:short}-${other}");
        fixture.create("numbers", config);

        assertThat(fixture.rest().get(fixture.path("numbers") + "/config").text("driver.pattern"))
                .isEqualTo("${topic:short}-${other}");
        fixture.awaitTask("numbers", "RUNNING");
    }
}
