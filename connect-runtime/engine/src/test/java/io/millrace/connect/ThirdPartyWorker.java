package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.log.kafka.KafkaClientSettings;
import io.millrace.connect.log.kafka.KafkaLogClient;
import io.millrace.connect.plugin.Plugins;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ConditionFactory;

/** A worker whose plugin path holds plugins of others, each in a directory of its own, as Maven Central has them. */
final class ThirdPartyWorker implements AutoCloseable {

    static final Path PLUGINS = Path.of("../third-party/target/plugins").toAbsolutePath();

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final WhichLog log;
    private final Worker worker;
    private final RestClient rest;

    ThirdPartyWorker(WhichLog log) {
        this(log, Map.of());
    }

    /**
     * @param stored configs by the names of connectors, which another worker once left in the config topic
     */
    ThirdPartyWorker(WhichLog log, Map<String, Map<String, String>> stored) {
        this.log = log;
        store(stored);
        this.worker = Worker.start(WorkerConfig.of(config()));
        this.rest = new RestClient(worker.restAddress());
    }

    private Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put(WorkerConfig.BOOTSTRAP_SERVERS, log.bootstrapServers());
        config.put(WorkerConfig.LISTENERS, "http://127.0.0.1:0");
        config.put(WorkerConfig.PLUGIN_PATH, PLUGINS.toString());
        config.put(WorkerConfig.CONFIG_TOPIC, name("configs"));
        config.put(WorkerConfig.OFFSET_TOPIC, name("offsets"));
        config.put(WorkerConfig.STATUS_TOPIC, name("status"));
        config.put(WorkerConfig.KEY_FILE, "target/secrets.key");
        config.put(WorkerConfig.FLUSH_INTERVAL_MS, "100");
        // What fails is not tried again: a plugin shall work at the first try.
        config.put(WorkerConfig.RETRY_BACKOFF_MS, "3600000");
        config.put(WorkerConfig.RETRY_BACKOFF_MAX_MS, "3600000");
        return config;
    }

    private void store(Map<String, Map<String, String>> connectors) {
        String topic = topic(new TopicSpec(name("configs"), 1, (short) 1, Map.of("cleanup.policy", "compact")));
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        connectors.forEach((name, config) -> {
            Map<String, String> named = new HashMap<>(config);
            named.put("name", name(name));
            records.add(new ProducerRecord<>(
                    topic, "connector-" + name(name), RestClient.text(Map.of("properties", named))));
        });
        produce(records);
    }

    /** A name that no other test uses. */
    String name(String what) {
        return what + "-" + id;
    }

    /** Makes a topic, which no other test uses. */
    String topic(String what, int partitions) {
        return topic(new TopicSpec(name(what), partitions, (short) 1, Map.of()));
    }

    private String topic(TopicSpec spec) {
        try (LogClient client = new KafkaLogClient(KafkaClientSettings.of(log.bootstrapServers()))) {
            client.ensureTopic(spec);
        }
        return spec.name();
    }

    /** Writes values, all of them acknowledged, without keys. */
    void produce(String topic, List<String> values) {
        produce(values.stream()
                .map(value -> new ProducerRecord<String, String>(topic, value))
                .toList());
    }

    /** Writes records, all of them acknowledged. */
    void produce(Collection<ProducerRecord<String, String>> records) {
        Map<String, Object> config = Map.of("bootstrap.servers", log.bootstrapServers(), "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            records.stream().map(producer::send).toList().forEach(ThirdPartyWorker::acknowledged);
        }
    }

    private static void acknowledged(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("not written", e);
        }
    }

    Plugins plugins() {
        return worker.plugins();
    }

    RestClient rest() {
        return rest;
    }

    /** Waits for plugins that start slowly on a machine that is busy. */
    static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
    }

    void create(String name, Map<String, String> config) {
        RestClient.Answer answer = rest.create(name(name), config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    }

    /** What REST says of a connector and its tasks. */
    JsonNode status(String name) {
        return rest.get("/connectors/" + name(name) + "/status").body();
    }

    /** What REST says of the first task of a connector. */
    JsonNode task(String name) {
        return status(name).path("tasks").path(0);
    }

    @Override
    public void close() {
        worker.close();
    }
}
