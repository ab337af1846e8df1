package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka's own file connectors of 4.3.1, as they come from Maven Central. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class FileStreamTest {

    private static final Path PLUGINS = Path.of("../kafka-peer/target/plugins").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final WhichLog log;

    @TempDir
    private Path directory;

    FileStreamTest(WhichLog log) {
        this.log = log;
    }

    private Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put(WorkerConfig.BOOTSTRAP_SERVERS, log.bootstrapServers());
        config.put(WorkerConfig.LISTENERS, "http://127.0.0.1:0");
        config.put(WorkerConfig.PLUGIN_PATH, PLUGINS.toString());
        config.put(WorkerConfig.CONFIG_TOPIC, "files-configs-" + id);
        config.put(WorkerConfig.OFFSET_TOPIC, "files-offsets-" + id);
        config.put(WorkerConfig.STATUS_TOPIC, "files-status-" + id);
        config.put(WorkerConfig.KEY_FILE, directory.resolve("secrets.key").toString());
        config.put(WorkerConfig.FLUSH_INTERVAL_MS, "100");
        return config;
    }

    @Test
    void linesGoFromFileToFileAndGoOnAfterARestart() throws IOException {
        Path from = Files.write(directory.resolve("from"), List.of("one", "two", "three"));
        Path to = directory.resolve("to");
        Map<String, String> both = Map.of(
                "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                "value.converter", "org.apache.kafka.connect.storage.StringConverter");
        Map<String, String> source = new HashMap<>(both);
        source.putAll(Map.of("connector.class", "FileStreamSource", "file", from.toString(), "topic", "lines-" + id));
        Map<String, String> sink = new HashMap<>(both);
        sink.putAll(Map.of("connector.class", "FileStreamSink", "file", to.toString(), "topics", "lines-" + id));

        try (Worker worker = Worker.start(WorkerConfig.of(config()))) {
            RestClient rest = new RestClient(worker.restAddress());
            assertThat(rest.create("source-" + id, source).status()).isEqualTo(201);
            assertThat(rest.create("sink-" + id, sink).status()).isEqualTo(201);
            awaitLines(to, List.of("one", "two", "three"));
            awaitPosition(rest, Files.size(from));
        }
        Files.writeString(from, "four\n", StandardOpenOption.APPEND);

        try (Worker _ = Worker.start(WorkerConfig.of(config()))) {
            awaitLines(to, List.of("one", "two", "three", "four"));
        }
    }

    private void awaitPosition(RestClient rest, long bytes) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rest.get("/connectors/source-" + id + "/offsets")
                                .body()
                                .at("/offsets/0/offset/position")
                                .asLong())
                        .isEqualTo(bytes));
    }

    private static void awaitLines(Path file, List<String> lines) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(WorkerFixture.lines(file)).isEqualTo(lines));
    }
}
