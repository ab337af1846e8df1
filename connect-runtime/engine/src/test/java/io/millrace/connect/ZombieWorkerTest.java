package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that were thought dead and wake up. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ZombieWorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS = 40;

    private final WhichLog log;

    @TempDir
    private Path directory;

    ZombieWorkerTest(WhichLog log) {
        this.log = log;
    }

    /** Commits every five records, polls two, and once waits with records from 20 on in an open transaction. */
    private static Map<String, String> source(WorkerFixture fixture) {
        Map<String, String> config = fixture.boundarySource("numbers", RECORDS);
        config.put("transaction.boundary", "connector");
        config.put("commit.every", "5");
        config.put("batch.size", "2");
        config.put("hold.at", "24");
        config.put("hold.file", fixture.file("hold").toString());
        config.put("producer.override.transaction.timeout.ms", "800000");
        return config;
    }

    private static void awaitHeld(WorkerFixture fixture) {
        await().atMost(PATIENCE).until(() -> fixture.file("hold.held").toFile().exists());
    }

    private void awaitEveryRecordOnce(WorkerFixture fixture) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(UnknownTopicOrPartitionException.class)
                .untilAsserted(() -> assertThat(LogReading.committed(log, fixture.name("numbers")))
                        .extracting(ConsumerRecord::value)
                        .containsExactlyElementsOf(IntStream.range(0, RECORDS)
                                .mapToObj(number -> "0-" + number)
                                .toList()));
    }

    @Test
    void aWorkerThatWasReplacedWritesNothingWhenItWakesUp() {
        try (WorkerFixture first = new WorkerFixture(log, directory, WorkerFixture.EXACTLY_ONCE)) {
            first.create("numbers", source(first));
            awaitHeld(first);

            try (WorkerFixture second = first.another()) {
                awaitEveryRecordOnce(second);
                first.touch(first.file("hold.released"));

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(first.rest()
                                        .get(first.path("numbers") + "/status")
                                        .body()
                                        .path("tasks")
                                        .path(0)
                                        .path("trace")
                                        .asText())
                                .contains("the task was fenced: another task writes as connect-cluster-"));
                awaitEveryRecordOnce(second);
            }
        }
    }

    @Test
    void aTaskThatWasAbandonedWritesNothingWhenItWakesUp() {
        try (WorkerFixture fixture = new WorkerFixture(log, directory, WorkerFixture.EXACTLY_ONCE)) {
            fixture.create("numbers", source(fixture));
            awaitHeld(fixture);

            fixture.rest().post(fixture.path("numbers") + "/tasks/0/restart", Map.of());
            awaitEveryRecordOnce(fixture);
            fixture.touch(fixture.file("hold.released"));

            await().atMost(PATIENCE)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                                    .filter(thread -> thread.getName().equals("task-" + fixture.name("numbers") + "-0"))
                                    .count()
                            == 1);
            awaitEveryRecordOnce(fixture);
            fixture.awaitTask("numbers", "RUNNING");
        }
    }
}
