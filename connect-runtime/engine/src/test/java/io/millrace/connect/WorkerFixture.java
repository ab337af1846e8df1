package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A worker on one of the logs, with topics and connector names of its own. */
final class WorkerFixture implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Map<WhichLog, WorkerFixture> SHARED = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final WhichLog log;
    private final Path directory;
    private final Path plugins;
    private final boolean borrowed;
    private final String configTopic;
    private Worker worker;
    private RestClient rest;

    /** A worker of its own. */
    WorkerFixture(WhichLog log, Path directory) {
        this.log = log;
        this.directory = directory;
        this.plugins = FixturePlugin.strictIn(directory);
        this.borrowed = false;
        this.configTopic = name("configs");
        this.worker = start();
        this.rest = new RestClient(worker.restAddress());
    }

    private WorkerFixture(WorkerFixture lender, Path directory) {
        this.log = lender.log;
        this.directory = directory;
        this.plugins = lender.plugins;
        this.borrowed = true;
        this.configTopic = lender.configTopic;
        this.worker = lender.worker;
        this.rest = lender.rest;
    }

    /** The worker that all tests of a JVM share on that log; its connectors are deleted at the end. */
    static WorkerFixture shared(WhichLog log, Path directory) {
        return new WorkerFixture(SHARED.computeIfAbsent(log, WorkerFixture::lender), directory);
    }

    private static WorkerFixture lender(WhichLog log) {
        TemporaryFiles files = TemporaryFiles.make("worker");
        WorkerFixture lender = new WorkerFixture(log, files.root());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            lender.close();
            files.delete();
        }));
        return lender;
    }

    private Worker start() {
        return Worker.start(WorkerConfig.of(config()));
    }

    Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put(WorkerConfig.BOOTSTRAP_SERVERS, log.bootstrapServers());
        config.put(WorkerConfig.LISTENERS, "http://127.0.0.1:0");
        config.put(WorkerConfig.PLUGIN_PATH, plugins.toString());
        config.put(WorkerConfig.CONFIG_TOPIC, configTopic);
        config.put(WorkerConfig.OFFSET_TOPIC, name("offsets"));
        config.put(WorkerConfig.STATUS_TOPIC, name("status"));
        config.put(WorkerConfig.FLUSH_INTERVAL_MS, "100");
        config.put(WorkerConfig.RETRY_BACKOFF_MS, "200");
        config.put(WorkerConfig.STOP_TIMEOUT_MS, "1500");
        config.put(WorkerConfig.CONFIG_PROVIDERS, "file,env");
        config.put("config.providers.file.param.allowed.paths", readable().toString());
        return config;
    }

    void restartWorker() {
        worker.close();
        worker = start();
        rest = new RestClient(worker.restAddress());
    }

    Worker worker() {
        return worker;
    }

    RestClient rest() {
        return rest;
    }

    /** A name that no other test uses. */
    String name(String what) {
        return what + "-" + id;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** The one directory whose files connectors' configs may refer to. */
    Path readable() {
        return plugins.resolveSibling("");
    }

    Map<String, String> source(String topic, int records) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "CountingSource");
        config.put("topic", name(topic));
        config.put("records", Integer.toString(records));
        return config;
    }

    Map<String, String> sink(String topic, Path file) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "FileSink");
        config.put("topics", name(topic));
        config.put("file", file.toString());
        return config;
    }

    void create(String name, Map<String, String> config) {
        RestClient.Answer answer = rest.create(name(name), config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    }

    /** The path of a connector of this fixture. */
    String path(String name) {
        return "/connectors/" + name(name);
    }

    WhichLog log() {
        return log;
    }

    String connectorState(String name) {
        return rest.get(path(name) + "/status")
                .body()
                .path("connector")
                .path("state")
                .asText();
    }

    String taskState(String name) {
        return rest.get(path(name) + "/status")
                .body()
                .path("tasks")
                .path(0)
                .path("state")
                .asText();
    }

    void awaitConnector(String name, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connectorState(name)).isEqualTo(state));
    }

    /** The config as the log has it, with its secrets. */
    Map<String, String> storedConfig(String name) {
        Map<String, String> stored = new HashMap<>();
        for (String value : LogReading.values(log, configTopic, "connector-" + name(name))) {
            RestClient.parsed(value)
                    .path("properties")
                    .properties()
                    .forEach(each -> stored.put(each.getKey(), each.getValue().asText()));
        }
        return stored;
    }

    void awaitTask(String name, String state) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(taskState(name)).isEqualTo(state));
    }

    /** Waits until the file holds so many different lines. */
    void awaitLines(Path file, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(new TreeSet<>(lines(file))).hasSize(count));
    }

    void touch(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (borrowed) {
            rest.get("/connectors").body().forEach(name -> deleteIfOwn(name.asText()));
        } else {
            worker.close();
        }
    }

    private void deleteIfOwn(String connector) {
        if (connector.contains(id)) {
            rest.delete("/connectors/" + RestClient.encoded(connector));
        }
    }
}
