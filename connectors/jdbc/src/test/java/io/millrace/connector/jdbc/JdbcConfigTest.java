package io.millrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connect.testkit.contract.SimSinkContext;
import io.millrace.connector.tables.ChangeLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;

/** The keys, the example and what the runtime finds of the connector. */
final class JdbcConfigTest {

    private static final String URL = "jdbc:postgresql://localhost:5432/shop";

    private static Map<String, List<String>> errors(String... keysAndValues) {
        Map<String, String> settings = new HashMap<>(Map.of("name", "p", "connection.url", URL));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value : new JdbcSinkConnector().validate(settings).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    @Test
    void takesAUrlAlone() {
        assertThat(errors()).isEmpty();
        assertThat(errors("connection.properties.sslmode", "require")).isEmpty();
    }

    @Test
    void refusesUrlsItCannotOrMustNotUse() {
        assertThat(errors("connection.url", "jdbc:mysql://localhost/shop")).containsOnlyKeys("connection.url");
        assertThat(errors("connection.url", URL + "?user=a&password=hunter2").get("connection.url"))
                .singleElement()
                .asString()
                .contains("must not hold the password")
                .doesNotContain("hunter2");
        assertThat(errors("connection.url", URL + "?socketFactory=evil.Factory").get("connection.url"))
                .singleElement()
                .asString()
                .contains("loads classes");
        assertThat(errors("connection.properties.sslfactory", "evil.Factory")).containsOnlyKeys("connection.url");
    }

    @Test
    void isFoundAndSaysThatUnknownKeysAreErrors() throws IOException {
        assertThat(ServiceLoader.load(SinkConnector.class)).hasExactlyElementsOfTypes(JdbcSinkConnector.class);
        String manifest = "/META-INF/millrace/" + JdbcSinkConnector.class.getName() + ".properties";
        try (InputStream in = JdbcSinkConnector.class.getResourceAsStream(manifest)) {
            Properties properties = new Properties();
            properties.load(in);
            assertThat(properties)
                    .containsEntry("unknown.keys", "refuse")
                    .containsEntry("pass.through.prefixes", "connection.properties.");
        }
    }

    @Test
    void theExampleKeepsATable() throws IOException, SQLException {
        JsonNode example = new ObjectMapper().readTree(Files.readString(Path.of("../../configs/jdbc-sink.json")));
        Map<String, String> settings =
                new ObjectMapper().convertValue(example.get("config"), new TypeReference<Map<String, String>>() {});
        settings.put("name", example.get("name").asText());
        assertThat(new JdbcSinkConnector().validate(settings).configValues())
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
        try (JdbcServer server = JdbcServer.start();
                Connection observer = server.freshDatabase()) {
            settings.putAll(server.settings());
            ChangeLog log = new ChangeLog("shop.customers");
            JdbcSinkTask task = new JdbcSinkTask();
            task.initialize(new SimSinkContext(Map.of(), false));
            task.start(settings);
            task.open(log.partitions());
            task.put(List.of(log.upsert(1, "Ann", 1)));
            task.stop();
            try (ResultSet rows = observer.createStatement().executeQuery("SELECT name FROM customers")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("Ann");
            }
        }
    }
}
