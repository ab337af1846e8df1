package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker leaves behind, and what the next one makes of it. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class WorkerRestartTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    WorkerRestartTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void startWorker() {
        fixture = new WorkerFixture(log, directory);
    }

    @AfterEach
    void closeWorker() {
        fixture.close();
    }

    @Test
    void goesOnAfterARestartOfTheWorker() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 50));
        fixture.create("file", fixture.sink("numbers", file));
        fixture.create("resting", fixture.source("other", 1));
        fixture.rest().put(fixture.path("resting") + "/pause");
        fixture.awaitLines(file, 50);

        fixture.restartWorker();
        Map<String, String> more = fixture.source("numbers", 80);
        assertThat(fixture.rest().put(fixture.path("numbers") + "/config", more).status())
                .isEqualTo(200);
        fixture.awaitLines(file, 80);

        assertThat(WorkerFixture.lines(file))
                .as("nothing twice after an orderly restart")
                .hasSize(80);
        fixture.awaitConnector("resting", "PAUSED");
    }

    @Test
    void aDeadLetterIsReplayedOnceAlthoughTheWorkerStartsAnew() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 20));
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("report.containing", "name=n1");
        sink.put("errors.tolerance", "all");
        sink.put("errors.deadletterqueue.topic.name", fixture.name("letters"));
        sink.put("errors.deadletterqueue.context.headers.enable", "true");
        fixture.create("file", sink);
        fixture.awaitLines(file, 9);
        String letters = "/v1" + fixture.path("file") + "/dead-letters";
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(fixture.rest().get(letters).body().path("letters"))
                                .hasSize(11));
        fixture.rest().put(fixture.path("file") + "/stop");
        fixture.awaitConnector("file", "STOPPED");
        sink.put("report.containing", "");
        assertThat(fixture.rest().put(fixture.path("file") + "/config", sink).status())
                .isEqualTo(200);
        assertThat(replayed(letters, Map.of("from", "0-2", "to", "0-5"))).isEqualTo(4);

        fixture.restartWorker();

        assertThat(replayed(letters, Map.of("all", true))).isEqualTo(7);
        fixture.rest().put(fixture.path("file") + "/resume");
        fixture.awaitLines(file, 20);
        fixture.restartWorker();
        assertThat(replayed(letters, Map.of("all", true))).isZero();
        fixture.awaitTask("file", "RUNNING");
        assertThat(WorkerFixture.lines(file)).as("each letter once").hasSize(20);
    }

    private int replayed(String letters, Map<String, ?> wanted) {
        RestClient.Answer answer = fixture.rest().post(letters + "/replay", wanted);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.body().path("replayed").asInt(-1);
    }

    @Test
    void endsAlthoughPluginsBlockAndThrow() {
        for (String method : List.of("connector.stop", "taskconfigs", "poll", "stop")) {
            Map<String, String> source = fixture.source("numbers", 5);
            source.put("block.in", method);
            fixture.create("blocked-" + method, source);
        }
        Map<String, String> throwing = fixture.source("others", 5);
        throwing.put("throw.in", "stop");
        fixture.create("throwing", throwing);
        fixture.awaitTask("blocked-stop", "RUNNING");
        fixture.awaitTask("blocked-poll", "RUNNING");
        fixture.awaitTask("throwing", "RUNNING");

        CompletableFuture<Void> closed = CompletableFuture.runAsync(fixture::close);

        await().atMost(Duration.ofSeconds(60)).until(closed::isDone);
        assertThat(closed).isCompleted();
    }
}
