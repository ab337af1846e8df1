package io.millrace.connect;

import static io.millrace.connect.ThirdPartyWorker.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.plugin.PluginType;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plugins of others, unmodified, in one worker on our own broker. */
class ThirdPartyTest {

    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";
    private static final WhichLog LOG = WhichLog.MILLRACE;

    /** Given up soon when nobody answers; nobody listens on port 1. */
    private static final String NO_MONGO = "mongodb://127.0.0.1:1/?connectTimeoutMS=500&serverSelectionTimeoutMS=500";

    private static EmbeddedPostgres postgres;
    private static ThirdPartyWorker worker;

    @BeforeAll
    static void startServers() throws IOException {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        worker = new ThirdPartyWorker(LOG, Map.of("mongo", mongo()));
    }

    @AfterAll
    static void stopServers() throws IOException {
        worker.close();
        postgres.close();
    }

    @Test
    void findsEveryConnectorInItsDirectory() {
        assertThat(worker.rest().get("/connector-plugins").body().findValuesAsText("class"))
                .contains(
                        "org.apache.camel.kafkaconnector.timer.CamelTimerSourceConnector",
                        "io.debezium.connector.jdbc.JdbcSinkConnector",
                        "org.apache.iceberg.connect.IcebergSinkConnector",
                        "com.mongodb.kafka.connect.MongoSourceConnector",
                        "com.mongodb.kafka.connect.MongoSinkConnector");
    }

    @Test
    void aConverterOfKafkaIsNotTakenFromAnOldArchive() {
        assertThat(worker.plugins().all())
                .as("archives bring it, and one is older than the versions of converters")
                .filteredOn(plugin -> plugin.className().equals(JSON))
                .hasSizeGreaterThan(1);

        assertThat(worker.plugins()
                        .find(JSON, Set.of(PluginType.CONVERTER))
                        .orElseThrow()
                        .locationName())
                .isEqualTo("classpath");
    }

    @Test
    void theTimerOfCamelTicksIntoATopic() {
        String topic = worker.name("ticks");
        worker.create(
                "timer",
                Map.of(
                        "connector.class", "org.apache.camel.kafkaconnector.timer.CamelTimerSourceConnector",
                        "topics", topic,
                        "camel.source.path.timerName", "ours",
                        "camel.source.endpoint.period", "50",
                        "camel.source.endpoint.repeatCount", "5",
                        "camel.source.endpoint.includeMetadata", "true",
                        "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                        "value.converter", "org.apache.kafka.connect.storage.StringConverter"));

        patiently()
                .untilAsserted(() -> assertThat(LogReading.records(LOG, topic)).hasSize(5));

        List<ConsumerRecord<String, String>> ticks = LogReading.records(LOG, topic);
        assertThat(ticks)
                .allSatisfy(tick -> assertThat(LogReading.header(tick, "CamelProperty.CamelTimerName"))
                        .isEqualTo("ours"));
        assertThat(worker.task("timer").path("state").asText()).isEqualTo("RUNNING");
    }

    private static Map<String, String> mongo() {
        return Map.of(
                "connector.class", "com.mongodb.kafka.connect.MongoSourceConnector",
                "connection.uri", NO_MONGO,
                "database", "shop",
                "collection", "orders");
    }

    @Test
    void aMongoThatDoesNotAnswerIsToldWhenItsConnectorIsMade() {
        RestClient.Answer answer = worker.rest().create(worker.name("refused"), mongo());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("Unable to connect to the server.");
    }

    @Test
    void aMongoThatWentAwayIsToldByTheStatusOfItsTask() {
        patiently()
                .untilAsserted(() ->
                        assertThat(worker.task("mongo").path("state").asText()).isEqualTo("FAILED"));

        assertThat(worker.task("mongo").path("trace").asText())
                .contains("127.0.0.1:1")
                .contains("Connection refused");
    }

    private static String customer(long id, String name) {
        return """
                {"schema": {"type": "struct", "fields": [
                    {"field": "id", "type": "int64"},
                    {"field": "name", "type": "string", "optional": true},
                    {"field": "paid", "type": "bytes", "name": "org.apache.kafka.connect.data.Decimal",
                     "parameters": {"scale": "2"}, "optional": true}]},
                 "payload": {"id": %d, "name": "%s", "paid": "AMg="}}""".formatted(id, name);
    }

    private static String key(long id) {
        return """
                {"schema": {"type": "struct", "fields": [{"field": "id", "type": "int64"}]},
                 "payload": {"id": %d}}""".formatted(id);
    }

    private static Map<String, String> jdbc(String topic) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector",
                "topics", topic,
                "connection.url", postgres.getJdbcUrl("postgres", "postgres"),
                "connection.username", "postgres",
                "connection.password", "postgres",
                "insert.mode", "upsert",
                "delete.enabled", "true",
                "primary.key.mode", "record_key",
                "schema.evolution", "basic"));
        config.put("transforms", "route");
        config.put("transforms.route.type", "org.apache.kafka.connect.transforms.RegexRouter");
        config.put("transforms.route.regex", ".*");
        config.put("transforms.route.replacement", "customers");
        return config;
    }

    @Test
    void rowsOfTheSinkOfDebeziumAreMadeAlteredAndDeleted() {
        String topic = worker.topic("customers", 1);
        worker.produce(List.of(
                new ProducerRecord<>(topic, key(1), customer(1, "Ada")),
                new ProducerRecord<>(topic, key(2), customer(2, "Bob")),
                new ProducerRecord<>(topic, key(1), customer(1, "Ada L.")),
                new ProducerRecord<>(topic, key(2), null),
                new ProducerRecord<>(topic, key(3), customer(3, "Cyd"))));
        worker.create("jdbc", jdbc(topic));

        patiently()
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(customers())
                        .as(worker.status("jdbc").toPrettyString())
                        .containsExactly("1 Ada L. 2.00", "3 Cyd 2.00"));
        assertThat(worker.task("jdbc").path("state").asText()).isEqualTo("RUNNING");
    }

    private static List<String> customers() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, name, paid FROM customers ORDER BY id")) {
            while (found.next()) {
                rows.add("%d %s %s".formatted(found.getLong(1), found.getString(2), found.getBigDecimal(3)));
            }
        }
        return rows;
    }
}
