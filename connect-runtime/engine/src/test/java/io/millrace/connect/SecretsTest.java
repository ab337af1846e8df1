package io.millrace.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.log.server.Broker;
import io.millrace.log.server.BrokerConfig;
import io.millrace.log.server.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets go in and do not come out, whoever tells them. */
class SecretsTest {

    private static final String PASSWORD = "corr3ct-h0rse/battery";
    private static final String TOKEN = "t0ken-0f-driver";
    private static final String WITHIN = "jaas-p4ssw0rd";
    private static final String SESAME = "0pen-sesame";
    private static final List<String> NEVER =
            List.of(PASSWORD, "corr3ct-h0rse%2Fbattery", TOKEN, WITHIN, SESAME, "aft3r-wards");

    @TempDir
    private Path directory;

    private LogCapture logged;
    private Broker broker;
    private Worker worker;
    private RestClient rest;
    private final StringBuilder answers = new StringBuilder();

    @BeforeEach
    void start() {
        logged = new LogCapture();
        broker = Broker.start(BrokerConfig.of(directory.resolve("data"), HostPort.parse("127.0.0.1:0")));
        FixturePlugin.lenientIn(directory);
        startWorker();
    }

    @AfterEach
    void close() {
        worker.close();
        broker.close();
        logged.close();
    }

    private void startWorker() {
        worker = Worker.start(WorkerConfig.of(Map.of(
                WorkerConfig.BOOTSTRAP_SERVERS,
                broker.listenAddress().toString(),
                WorkerConfig.LISTENERS,
                "http://127.0.0.1:0",
                WorkerConfig.PLUGIN_PATH,
                directory.resolve("plugins").toString(),
                WorkerConfig.KEY_FILE,
                keyFile().toString(),
                WorkerConfig.RETRY_BACKOFF_MS,
                "200")));
        rest = new RestClient(worker.restAddress());
    }

    private void restartWorker() {
        worker.close();
        startWorker();
    }

    private Path keyFile() {
        return directory.resolve("data/secrets.key");
    }

    private static Map<String, String> leaky() {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "LeakySource");
        config.put("access.password", PASSWORD);
        config.put("driver.api.token", TOKEN);
        config.put("producer.override.client.dns.lookup", "use_all_dns_ips");
        config.put(
                "producer.override.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"%s\";"
                        .formatted(WITHIN));
        return config;
    }

    private JsonNode ask(String path) {
        JsonNode body = rest.get(path).body();
        answers.append(body).append('\n');
        return body;
    }

    private void put(String name, Map<String, String> config, int status) {
        RestClient.Answer answer = rest.put("/connectors/" + name + "/config", config);
        answers.append(answer.body()).append('\n');
        assertThat(answer.status()).as(answer.message()).isEqualTo(status);
    }

    private void awaitStatus(String name, Predicate<JsonNode> wanted) {
        await().atMost(Duration.ofSeconds(90)).until(() -> ask("/connectors/" + name + "/status"), wanted);
    }

    private void awaitTask(String name, String state) {
        awaitStatus(
                name,
                status -> status.path("tasks").path(0).path("state").asText().equals(state));
    }

    private Map<String, String> stored(String name) {
        Map<String, String> stored = new HashMap<>();
        for (ConsumerRecord<String, String> record :
                LogReading.records(broker.listenAddress().toString(), "connect-configs")) {
            if (record.key().equals("connector-" + name)) {
                stored.clear();
                RestClient.parsed(record.value())
                        .path("properties")
                        .properties()
                        .forEach(each ->
                                stored.put(each.getKey(), each.getValue().asText()));
            }
        }
        return stored;
    }

    /** The name of the key that the password is sealed with. */
    private static String keyOf(Map<String, String> stored) {
        return stored.getOrDefault("access.password", "").replaceFirst("sealed:1:([^:]*):.*", "$1");
    }

    @Test
    void nothingTellsASecret() throws Exception {
        put("leaky", leaky(), 201);
        awaitTask("leaky", "RUNNING");
        Map<String, String> refused = leaky();
        refused.put("access.password", "aft3r-wards");
        refused.put("login", "impossible");
        put("leaky", refused, 400);
        refused.put("name", "leaky");
        answers.append(rest.put("/connector-plugins/LeakySource/config/validate", refused)
                .body());
        refused.put("login", "refused");
        put("leaky", refused, 200);
        awaitTask("leaky", "FAILED");
        stumble();
        for (String path : List.of("", "/config", "/tasks", "/status", "/offsets", "/topics")) {
            ask("/connectors/leaky" + path);
        }
        ask("/connectors?expand=info&expand=status");
        ask("/v1/pipelines");
        restartWorker();
        awaitTask("leaky", "FAILED");
        worker.close();

        assertThat(answers.toString()).contains("[hidden]").doesNotContain(NEVER);
        assertThat(answers.toString()).contains("nobody logs in with [hidden]", "wrong: [hidden]");
        assertThat(logged.text())
                .contains("about to log in with", "jdbc:leaky://me:[hidden]@host/db", "ProducerConfig values")
                .doesNotContain(NEVER);
        assertThat(everythingInTopics())
                .contains("sealed:1:", "value is not wanted[hidden]")
                .doesNotContain(NEVER);
        broker.close();
        assertThat(everythingInFiles()).contains("sealed:1:").doesNotContain(NEVER);
    }

    /** A sink whose transform tells a secret in the message that goes with a dead letter. */
    private void stumble() {
        put("numbers", Map.of("connector.class", "CountingSource", "topic", "numbers", "records", "9"), 201);
        Map<String, String> sink = new HashMap<>();
        sink.put("connector.class", "FileSink");
        sink.put("topics", "numbers");
        sink.put("file", directory.resolve("out").toString());
        sink.put("transforms", "stumble");
        sink.put("transforms.stumble.type", "Stumble");
        sink.put("transforms.stumble.containing", "n7}");
        sink.put("transforms.stumble.sesame", SESAME);
        sink.put("errors.tolerance", "all");
        sink.put("errors.log.enable", "true");
        sink.put("errors.deadletterqueue.topic.name", "letters");
        sink.put("errors.deadletterqueue.context.headers.enable", "true");
        put("file", sink, 201);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> ask("/connectors/file/status").toString().contains("RUNNING")
                        && WorkerFixture.lines(directory.resolve("out")).size() == 8);
        awaitLetters();
    }

    private void awaitLetters() {
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> LogReading.records(broker.listenAddress().toString(), "letters")
                                .size(),
                        count -> count == 1);
    }

    private String everythingInTopics() throws Exception {
        String log = broker.listenAddress().toString();
        StringBuilder text = new StringBuilder();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", log))) {
            for (String topic : admin.listTopics().names().get()) {
                for (ConsumerRecord<String, String> record : LogReading.records(log, topic)) {
                    text.append(record.key()).append(record.value());
                    record.headers()
                            .forEach(header -> text.append(header.key())
                                    .append(header.value() == null ? "" : new String(header.value(), ISO_8859_1)));
                }
            }
        }
        return text.toString();
    }

    private String everythingInFiles() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file, ISO_8859_1));
            }
        }
        return text.toString();
    }

    @Test
    void aMaskKeepsTheStoredValueAndNothingRestarts() {
        put("leaky", leaky(), 201);
        awaitTask("leaky", "RUNNING");
        Map<String, String> before = stored("leaky");
        Map<String, String> shown = new HashMap<>();
        ask("/connectors/leaky/config")
                .properties()
                .forEach(each -> shown.put(each.getKey(), each.getValue().asText()));

        put("leaky", shown, 200);
        put("leaky", leaky(), 200);
        RestClient.Answer patched =
                rest.patch("/connectors/leaky/config", Map.of("access.password", "[hidden]", "login", "accepted"));

        assertThat(shown).containsEntry("access.password", "[hidden]").containsEntry("driver.api.token", "[hidden]");
        assertThat(patched.status()).as(patched.message()).isEqualTo(200);
        before.put("login", "accepted");
        assertThat(stored("leaky")).isEqualTo(before);
    }

    @Test
    void aMaskForNothingIsRefused() {
        Map<String, String> config = leaky();
        config.put("driver.pin.token", "[hidden]");
        put("leaky", config, 400);
        RestClient.Answer made = rest.create("leaky", config);
        put("leaky", leaky(), 201);

        RestClient.Answer patched = rest.patch("/connectors/leaky/config", Map.of("driver.pin.token", "[hidden]"));

        for (RestClient.Answer answer : List.of(made, patched)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.message()).contains("driver.pin.token", "[hidden]", "none is stored");
        }
    }

    @Test
    void whatIsSealedIsNotTakenFromOutside() {
        put("leaky", leaky(), 201);

        RestClient.Answer answer = rest.patch(
                "/connectors/leaky/config",
                Map.of("driver.note", stored("leaky").get("access.password")));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("driver.note", "sealed");
    }

    @Test
    void aKeyThatIsLostFailsThatConnectorOnly() throws IOException {
        put("leaky", leaky(), 201);
        put("numbers", Map.of("connector.class", "CountingSource", "topic", "numbers", "records", "9"), 201);
        awaitTask("leaky", "RUNNING");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
                .isEqualTo("rw-------");
        Path kept = directory.resolve("kept.key");
        worker.close();
        Files.move(keyFile(), kept);
        startWorker();

        awaitStatus(
                "leaky",
                status -> status.path("connector").path("state").asText().equals("FAILED"));
        awaitTask("numbers", "RUNNING");
        String keyName = keyOf(stored("leaky"));
        assertThat(ask("/connectors/leaky/status")
                        .path("connector")
                        .path("trace")
                        .asText())
                .contains(keyName, keyFile().toString(), "restart the worker", "give the value anew");
        assertThat(ask("/connectors/leaky/config").path("access.password").asText())
                .isEqualTo("[hidden]");

        worker.close();
        Files.move(kept, keyFile(), StandardCopyOption.REPLACE_EXISTING);
        startWorker();
        awaitTask("leaky", "RUNNING");
    }

    @Test
    void aNewKeyTakesOver() throws IOException {
        put("leaky", leaky(), 201);
        awaitTask("leaky", "RUNNING");
        String before = keyOf(stored("leaky"));
        worker.close();
        String another = Base64.getEncoder().encodeToString("another key of thirty-two bytes!".getBytes(ISO_8859_1));
        Files.writeString(keyFile(), another + "\n", StandardOpenOption.APPEND);
        startWorker();
        await().atMost(Duration.ofSeconds(90))
                .until(() -> !keyOf(stored("leaky")).equals(before));
        awaitTask("leaky", "RUNNING");

        worker.close();
        Files.writeString(keyFile(), another + "\n");
        startWorker();

        awaitTask("leaky", "RUNNING");
    }

    @Test
    void whatWasStoredInTheClearIsSealed() {
        String value = "{\"properties\":{\"name\":\"old\",\"connector.class\":\"LeakySource\","
                + "\"access.password\":\"" + PASSWORD + "\"}}";
        Map<String, Object> log =
                Map.of("bootstrap.servers", broker.listenAddress().toString());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(log, new StringSerializer(), new StringSerializer())) {
            var _ = producer.send(new ProducerRecord<>("connect-configs", "connector-old", value));
        }

        awaitTask("old", "RUNNING");

        assertThat(stored("old").get("access.password")).startsWith("sealed:1:");
    }
}
