package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sinks that are made to go on from elsewhere, over REST. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ReplayRestTest {

    private static final int RECORDS = 5;

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;
    private Path file = Path.of("");

    ReplayRestTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void deliver() {
        fixture = WorkerFixture.shared(log, directory);
        file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", RECORDS));
        fixture.create("file", fixture.sink("numbers", file));
        fixture.awaitLines(file, RECORDS);
        await().untilAsserted(() ->
                assertThat(dryRun("beginning").body().path("records_again")).hasToString(Integer.toString(RECORDS)));
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private RestClient.Answer replay(Map<String, ?> body) {
        return fixture.rest().post("/v1" + fixture.path("file") + "/replay", body);
    }

    private RestClient.Answer dryRun(Object to) {
        return replay(Map.of("to", to, "dry_run", true));
    }

    @ParameterizedTest
    @CsvSource({"beginning,5", "0026-01-01T00:00:00Z,5", "2020-01-01T00:00:00Z,5", "2999-01-01T00:00:00Z,0"})
    void readsAgainWhatIsNotOlder(String to, int again) {
        RestClient.Answer planned = dryRun(to);
        assertThat(planned.status()).as(planned.message()).isEqualTo(200);
        assertThat(planned.body().path("records_again").asInt()).isEqualTo(again);
        assertThat(planned.body().path("records_skipped").asInt()).isZero();
        assertThat(WorkerFixture.lines(file)).hasSize(RECORDS);

        RestClient.Answer done = replay(Map.of("to", to));

        assertThat(done.status()).as(done.message()).isEqualTo(200);
        assertThat(done.body().path("records_again").asInt()).isEqualTo(again);
        fixture.awaitTask("file", "RUNNING");
        awaitLines(RECORDS + again);
    }

    @Test
    void goesOnFromAnOffset() {
        RestClient.Answer done = replay(Map.of("to", RECORDS - 2, "topic", fixture.name("numbers"), "partition", 0));

        assertThat(done.status()).as(done.message()).isEqualTo(200);
        assertThat(done.body().path("partitions").path(0).path("from").asInt()).isEqualTo(RECORDS);
        assertThat(done.body().path("partitions").path(0).path("to").asInt()).isEqualTo(RECORDS - 2);
        awaitLines(RECORDS + 2);
    }

    @Test
    void leavesASinkThatRestsAtRest() {
        fixture.rest().put(fixture.path("file") + "/stop");
        fixture.awaitConnector("file", "STOPPED");

        RestClient.Answer done = replay(Map.of("to", "beginning"));

        assertThat(done.status()).as(done.message()).isEqualTo(200);
        assertThat(fixture.connectorState("file")).isEqualTo("STOPPED");
        fixture.rest().put(fixture.path("file") + "/resume");
        awaitLines(2 * RECORDS);
    }

    @Test
    void leavesAPausedSinkPausedWithItsTasks() {
        fixture.rest().put(fixture.path("file") + "/pause");
        fixture.awaitTask("file", "PAUSED");

        RestClient.Answer done = replay(Map.of("to", "beginning"));

        assertThat(done.status()).as(done.message()).isEqualTo(200);
        fixture.awaitTask("file", "PAUSED");
        assertThat(WorkerFixture.lines(file)).hasSize(RECORDS);
        fixture.rest().put(fixture.path("file") + "/resume");
        awaitLines(2 * RECORDS);
    }

    @Test
    void refusesWhatIsNoReplayAndLetsTheSinkRun() {
        Map<String, Object> nowhere = new HashMap<>();
        nowhere.put("to", null);
        assertThat(replay(nowhere).message()).contains("\"to\" must be \"beginning\"");
        assertThat(replay(Map.of()).status()).isEqualTo(400);
        assertThat(replay(Map.of("to", -1)).status()).isEqualTo(400);
        assertThat(replay(Map.of("to", "yesterday")).message()).contains("2026-03-01T09:00:00Z");
        assertThat(replay(Map.of("to", 0, "dryrun", true)).message()).contains("Unknown key \"dryrun\"");
        assertThat(replay(Map.of("to", 0, "topic", "elsewhere")).message()).contains("nothing to replay");
        assertThat(fixture.rest()
                        .post("/v1" + fixture.path("numbers") + "/replay", Map.of("to", 0))
                        .message())
                .contains("is not a sink");
        assertThat(fixture.rest()
                        .post("/v1/connectors/nobody/replay", Map.of("to", 0))
                        .status())
                .isEqualTo(404);
        assertThat(fixture.taskState("file")).isEqualTo("RUNNING");
        assertThat(WorkerFixture.lines(file)).hasSize(RECORDS);
    }

    private void awaitLines(int count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(WorkerFixture.lines(file)).hasSize(count));
    }
}
