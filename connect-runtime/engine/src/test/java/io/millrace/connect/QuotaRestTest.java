package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connectors with quotas of their own. */
class QuotaRestTest {

    private static final int RECORDS = 60;
    private static final int PER_SECOND = 30;

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

    private void awaitReason(String name, String reason) {
        await().untilAsserted(() -> {
            assertThat(fixture.pipeline(name).path("state").asText()).isEqualTo("RUNNING");
            assertThat(fixture.pipeline(name).path("reason").asText()).contains(reason);
        });
    }

    private void awaitRecords(String topic, int count) {
        await().untilAsserted(() -> assertThat(LogReading.records(WhichLog.MILLRACE, fixture.name(topic)))
                .hasSize(count));
    }

    @Test
    void aSourceKeepsToItsRate() {
        Map<String, String> source = fixture.source("numbers", RECORDS);
        source.put("quota.records.per.second", Integer.toString(PER_SECOND));
        fixture.create("slow", source);

        awaitReason("slow", "quota.records.per.second = " + PER_SECOND);
        awaitRecords("numbers", RECORDS);

        List<ConsumerRecord<String, String>> records = LogReading.records(WhichLog.MILLRACE, fixture.name("numbers"));
        long tookMs = records.getLast().timestamp() - records.getFirst().timestamp();
        assertThat(tookMs)
                .as("from the first batch of ten to the last")
                .isGreaterThanOrEqualTo(1000L * (RECORDS - 20) / PER_SECOND);
    }

    @Test
    void aSinkThatIsHeldBackStaysInItsGroupAndMissesNothing() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", RECORDS));
        awaitRecords("numbers", RECORDS);
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("quota.bytes.per.second", "2000");
        fixture.create("slow", sink);

        awaitReason("slow", "quota.bytes.per.second = 2000");

        fixture.awaitLines(file, RECORDS);
        assertThat(WorkerFixture.lines(file)).as("each once").hasSize(RECORDS);
        assertThat(fixture.pipeline("numbers").path("reason").asText())
                .as("others are not held back")
                .doesNotContain("quota");
    }

    @Test
    void processorTimeIsAQuotaToo() {
        Map<String, String> source = fixture.source("numbers", Integer.MAX_VALUE);
        source.put("quota.thread.percent", "1");
        fixture.create("slow", source);

        awaitReason("slow", "quota.thread.percent = 1");
    }

    @Test
    void aQuotaBelowZeroIsRefused() {
        Map<String, String> source = fixture.source("numbers", RECORDS);
        source.put("quota.bytes.per.second", "-5");

        RestClient.Answer answer = fixture.rest().create(fixture.name("wrong"), source);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("quota.bytes.per.second", "-5");
    }
}
