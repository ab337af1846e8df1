package io.millrace.connect;

import static io.millrace.connect.ThirdPartyWorker.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Iceberg's own sink, unmodified, in our worker on our own broker: it writes files to an S3 store, commits them to a
 * catalog in PostgreSQL, and its own offsets in transactions of our log.
 */
class IcebergSinkTest {

    private static final WhichLog LOG = WhichLog.MILLRACE;
    private static final Path PROGRAM = Path.of("src/test/programs/IcebergRows.java");

    private static EmbeddedPostgres postgres;
    private static LocalStore store;
    private static ThirdPartyWorker worker;

    @BeforeAll
    static void startServers() throws IOException {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        store = new LocalStore("lake");
        worker = new ThirdPartyWorker(LOG);
    }

    @AfterAll
    static void stopServers() throws IOException {
        worker.close();
        store.close();
        postgres.close();
    }

    /** What Iceberg needs to know of catalog and files, for the connector and for the program that reads. */
    private static Map<String, String> catalog() {
        return Map.ofEntries(
                Map.entry("type", "jdbc"),
                Map.entry("uri", postgres.getJdbcUrl("postgres", "postgres")),
                Map.entry("jdbc.user", "postgres"),
                Map.entry("jdbc.schema-version", "V1"),
                Map.entry("warehouse", "s3://lake/warehouse"),
                Map.entry("io-impl", "org.apache.iceberg.aws.s3.S3FileIO"),
                Map.entry("s3.endpoint", store.url()),
                Map.entry("s3.path-style-access", "true"),
                Map.entry("s3.access-key-id", LocalStore.USER),
                Map.entry("s3.secret-access-key", LocalStore.SECRET),
                Map.entry("client.region", "us-east-1"),
                Map.entry("http-client.type", "urlconnection"));
    }

    private static Map<String, String> sink(String topic) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "org.apache.iceberg.connect.IcebergSinkConnector",
                "topics", topic,
                "iceberg.tables", "shop.orders",
                "iceberg.tables.auto-create-enabled", "true",
                "iceberg.control.topic", worker.name("control"),
                "iceberg.control.commit.interval-ms", "1000",
                "iceberg.kafka.bootstrap.servers", LOG.bootstrapServers()));
        catalog().forEach((key, value) -> config.put("iceberg.catalog." + key, value));
        return config;
    }

    private static List<String> orders(int from, int to) {
        return IntStream.range(from, to).mapToObj(IcebergSinkTest::order).toList();
    }

    private static String order(int id) {
        return """
                {"schema": {"type": "struct", "fields": [
                    {"field": "id", "type": "int64"}, {"field": "item", "type": "string", "optional": true}]},
                 "payload": {"id": %d, "item": "item %d"}}""".formatted(id, id);
    }

    @Test
    void rowsAreInTheTableOnceEachAndSoAreTheOffsets() throws IOException {
        String topic = worker.topic("orders", 2);
        worker.topic("control", 1);
        worker.produce(topic, orders(0, 50));
        worker.create("iceberg", sink(topic));
        awaitOffsets(50);
        worker.produce(topic, orders(50, 80));
        awaitOffsets(80);

        assertThat(awaitRows(80))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 80)
                        .mapToObj(id -> "%d item %d".formatted(id, id))
                        .toList());
        assertThat(worker.task("iceberg").path("state").asText()).isEqualTo("RUNNING");
    }

    /** Waits until so many records are behind the offsets that the sink commits in transactions of its own. */
    private static void awaitOffsets(long records) {
        String path = "/connectors/" + worker.name("iceberg") + "/offsets";
        patiently()
                .untilAsserted(() -> assertThat(worker.rest().get(path).body().findValues("kafka_offset").stream()
                                .mapToLong(JsonNode::asLong)
                                .sum())
                        .as(worker.status("iceberg").toPrettyString())
                        .isEqualTo(records));
    }

    /** The rows, as a program with nothing but Iceberg's own API sees them; it waits until there are so many. */
    private static List<String> awaitRows(int count) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ThirdPartyWorker.PLUGINS.resolve("iceberg-kafka-connect") + "/*",
                PROGRAM.toString(),
                "shop.orders",
                Integer.toString(count)));
        catalog().forEach((key, value) -> command.add(key + "=" + value));
        Process program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.onExit().join().exitValue()).as(answer).isZero();
        return answer.lines().toList();
    }
}
