package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker makes of schedules that it finds in the log. */
class ScheduleRestartTest {

    private static final String YEARLY = "0 0 0 1 1 ?";

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    @BeforeEach
    void startWorker() {
        fixture = new WorkerFixture(WhichLog.MILLRACE, directory);
    }

    @AfterEach
    void closeWorker() {
        fixture.close();
    }

    private void create(String name, String idleMs, String misfire) {
        Map<String, String> config = new HashMap<>(fixture.source(name, 10));
        config.put("schedule.cron", YEARLY);
        config.put("schedule.idle.ms", idleMs);
        config.put("schedule.misfire", misfire);
        fixture.create(name, config);
        fixture.awaitConnector(name, "PAUSED");
    }

    private JsonNode schedule(String name) {
        return fixture.rest().get("/v1" + fixture.path(name) + "/schedule").body();
    }

    private void request(String name) {
        assertThat(fixture.rest()
                        .post("/v1" + fixture.path(name) + "/schedule/run", Map.of())
                        .status())
                .isEqualTo(202);
    }

    /** As a worker leaves it that last ran two years ago. */
    private void lastSeenLongAgo(String name, String run) throws ExecutionException, InterruptedException {
        long seen = Instant.now().minus(Duration.ofDays(2 * 366)).toEpochMilli();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", fixture.log().bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            String value = "{\"of\":\"%s UTC\",\"seen\":%d,\"refused\":0,\"due\":false%s}".formatted(YEARLY, seen, run);
            producer.send(new ProducerRecord<>(fixture.name("status"), "schedule-" + fixture.name(name), value))
                    .get();
        }
    }

    @Test
    void firesThatTheWorkerSleptOverAreLeftOutOrMadeUpForByOneRun() throws Exception {
        create("skips", "20", "skip");
        create("makes-up", "20", "run.once");
        create("runs-on", "3600000", "skip");
        request("runs-on");
        fixture.awaitTask("runs-on", "RUNNING");
        await().until(() -> schedule("runs-on").at("/run/records").asInt() == 10);
        create("interrupted", "20", "run.once");
        lastSeenLongAgo("skips", "");
        lastSeenLongAgo("makes-up", "");
        lastSeenLongAgo(
                "interrupted", ",\"run\":{\"cause\":\"CRON\",\"started\":1,\"outcome\":\"RUNNING\",\"records\":4}");
        JsonNode before = schedule("runs-on").path("run");

        fixture.restartWorker();

        await().until(() ->
                schedule("makes-up").at("/last_run/outcome").asText().equals("done"));
        assertThat(schedule("makes-up").at("/last_run/cause").asText()).isEqualTo("misfire");
        assertThat(schedule("makes-up").path("run_due").asBoolean()).isFalse();
        fixture.awaitConnector("skips", "PAUSED");
        assertThat(schedule("skips").at("/last_missed/reason").asText()).isEqualTo("the worker did not run");
        assertThat(schedule("skips").path("last_run").isNull()).isTrue();
        fixture.awaitTask("runs-on", "RUNNING");
        assertThat(schedule("runs-on").path("run"))
                .as("a run that was under way goes on")
                .isEqualTo(before);

        await().untilAsserted(() -> {
            JsonNode last = schedule("interrupted").path("last_run");
            assertThat(last.path("cause").asText()).isEqualTo("misfire");
            assertThat(last.path("outcome").asText()).isEqualTo("done");
            assertThat(last.path("records").asInt())
                    .as("the run before it took them")
                    .isZero();
        });

        fixture.restartWorker();

        fixture.awaitConnector("makes-up", "PAUSED");
        assertThat(schedule("makes-up").at("/last_run/cause").asText())
                .as("what is remembered outlives the worker")
                .isEqualTo("misfire");
    }
}
