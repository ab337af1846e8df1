package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.awaitility.Awaitility;

/** A worker on one of the logs, with topics and connector names of its own. */
final class WorkerFixture implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** What a worker needs to deliver exactly once. */
    static final Map<String, String> EXACTLY_ONCE = Map.of(WorkerConfig.EXACTLY_ONCE_SOURCES, "enabled");

    private static final Map<WhichLog, WorkerFixture> SHARED = new ConcurrentHashMap<>();
    private static final Map<WhichLog, WorkerFixture> SHARED_EXACTLY_ONCE = new ConcurrentHashMap<>();

    static {
        // For every wait of these tests that names no time of its own: they run on slow machines, beside others.
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    private final String id;
    private final WhichLog log;
    private final Map<String, String> settings;
    private final Path directory;
    private final Path plugins;
    private final boolean borrowed;
    private final String configTopic;
    private final Path keyFile;
    private final String offsetTopic;
    private Worker worker;
    private RestClient rest;

    /** A worker of its own. */
    WorkerFixture(WhichLog log, Path directory) {
        this(log, directory, Map.of());
    }

    /** A worker of its own, with these settings. */
    WorkerFixture(WhichLog log, Path directory, Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
        this.id = newId();
        this.log = log;
        this.directory = directory;
        this.plugins = FixturePlugin.strictIn(directory);
        this.borrowed = false;
        this.configTopic = name("configs");
        this.keyFile = directory.resolve("data/secrets.key");
        this.offsetTopic = name("offsets");
        this.worker = start();
        this.rest = new RestClient(worker.restAddress());
    }

    private WorkerFixture(WorkerFixture lender, Path directory) {
        this.settings = lender.settings;
        this.id = newId();
        this.log = lender.log;
        this.directory = directory;
        this.plugins = lender.plugins;
        this.borrowed = true;
        this.configTopic = lender.configTopic;
        this.keyFile = lender.keyFile;
        this.offsetTopic = lender.offsetTopic;
        this.worker = lender.worker;
        this.rest = lender.rest;
    }

    private static String newId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** The worker that all tests of a JVM share on that log; its connectors are deleted at the end. */
    static WorkerFixture shared(WhichLog log, Path directory) {
        return new WorkerFixture(SHARED.computeIfAbsent(log, key -> lender(key, Map.of())), directory);
    }

    /** The same, of a worker whose sources deliver exactly once. */
    static WorkerFixture sharedExactlyOnce(WhichLog log, Path directory) {
        return new WorkerFixture(SHARED_EXACTLY_ONCE.computeIfAbsent(log, key -> lender(key, EXACTLY_ONCE)), directory);
    }

    private static WorkerFixture lender(WhichLog log, Map<String, String> further) {
        TemporaryFiles files = TemporaryFiles.make("worker");
        WorkerFixture lender = new WorkerFixture(log, files.root(), further);
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
        config.put(WorkerConfig.OFFSET_TOPIC, offsetTopic);
        config.put(WorkerConfig.STATUS_TOPIC, name("status"));
        config.put(WorkerConfig.FLUSH_INTERVAL_MS, "100");
        config.put(WorkerConfig.RETRY_BACKOFF_MS, "200");
        config.put(WorkerConfig.STOP_TIMEOUT_MS, "1500");
        config.put(WorkerConfig.KEY_FILE, keyFile.toString());
        config.put(WorkerConfig.CONFIG_PROVIDERS, "file,env");
        config.put("config.providers.file.param.allowed.paths", readable().toString());
        config.putAll(settings);
        return config;
    }

    void restartWorker() {
        worker.close();
        worker = start();
        rest = new RestClient(worker.restAddress());
    }

    /** One more worker on the same topics, as if the first were given up by whoever started it. */
    WorkerFixture another() {
        return new WorkerFixture(this);
    }

    private WorkerFixture(WorkerFixture first) {
        this.log = first.log;
        this.settings = first.settings;
        this.keyFile = first.keyFile;
        this.directory = first.directory;
        this.plugins = first.plugins;
        this.borrowed = false;
        this.configTopic = first.configTopic;
        this.offsetTopic = first.offsetTopic;
        this.id = first.id;
        this.worker = start();
        this.rest = new RestClient(worker.restAddress());
    }

    /** The worker's topic of positions. */
    String offsetTopic() {
        return offsetTopic;
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

    /** A source that counts and ends its transactions where it is told to; see BoundarySourceConnector. */
    Map<String, String> boundarySource(String topic, int records) {
        Map<String, String> config = source(topic, records);
        config.put("connector.class", "BoundarySource");
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
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

    /** The keys of secrets. */
    Path keyFile() {
        return keyFile;
    }

    WhichLog log() {
        return log;
    }

    /** A connector as a flow of records. */
    JsonNode pipeline(String name) {
        return rest.get("/v1/pipelines/" + name(name)).body();
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

    /** The config as the log has it, where its secrets are sealed. */
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
