package io.millrace.connect;

import static io.millrace.connect.WorkerFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Records on their whole way: source, topic, sink. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class PipelineTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    PipelineTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
    }

    @AfterEach
    void closeWorker() {
        fixture.close();
    }

    @Test
    void carriesEveryRecordFromSourceToSink() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 500));
        fixture.create("file", fixture.sink("numbers", file));

        fixture.awaitLines(file, 500);

        assertThat(lines(file))
                .hasSize(500)
                .first()
                .asString()
                .contains("numbers")
                .contains("n0");
        fixture.awaitTask("numbers", "RUNNING");
        fixture.awaitTask("file", "RUNNING");
    }

    @Test
    void runsTransformsOfKafkaConnect() {
        Path file = fixture.file("out");
        Map<String, String> source = fixture.source("raw", 20);
        source.put("transforms", "mark,route");
        source.put("transforms.mark.type", "org.apache.kafka.connect.transforms.InsertField$Value");
        source.put("transforms.mark.static.field", "origin");
        source.put("transforms.mark.static.value", "here");
        source.put("transforms.route.type", "org.apache.kafka.connect.transforms.RegexRouter");
        source.put("transforms.route.regex", "raw-(.*)");
        source.put("transforms.route.replacement", "routed-$1");
        fixture.create("numbers", source);
        fixture.create("file", fixture.sink("routed", file));

        fixture.awaitLines(file, 20);

        assertThat(lines(file))
                .allMatch(line -> line.startsWith(fixture.name("routed")) && line.contains("origin=here"));
    }

    @Test
    void showsWhatFlowsAndHowFreshItIs() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 100));
        fixture.create("file", fixture.sink("numbers", file));
        fixture.awaitLines(file, 100);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode sink =
                    fixture.rest().get("/v1/pipelines/" + fixture.name("file")).body();
            assertThat(sink.path("lag_records").asLong(-1)).isZero();
            assertThat(sink.path("records_out").asLong()).isEqualTo(100);
            assertThat(sink.path("freshness_p99_ms").asLong(-1)).isNotNegative();
            assertThat(sink.path("topics").path(0).asText()).isEqualTo(fixture.name("numbers"));
        });
        JsonNode source =
                fixture.rest().get("/v1/pipelines/" + fixture.name("numbers")).body();
        assertThat(source.path("records_in").asLong()).isEqualTo(100);
        assertThat(source.path("type").asText()).isEqualTo("source");
    }

    @Test
    void splitsASinkIntoTasks() {
        Path file = fixture.file("out");
        Map<String, String> source = fixture.source("numbers", 100);
        source.put("topic.creation.default.partitions", "4");
        fixture.create("numbers", source);
        Map<String, String> sink = new HashMap<>(fixture.sink("numbers", file));
        sink.put("tasks.max", "2");
        fixture.create("file", sink);

        fixture.awaitLines(file, 100);

        assertThat(fixture.rest().get(fixture.path("file") + "/status").body().path("tasks"))
                .hasSize(2);
    }
}
