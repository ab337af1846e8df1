package io.millrace.connector.duckdb;

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
import java.sql.DriverManager;
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
import org.junit.jupiter.api.io.TempDir;

/** The keys, the example and what the runtime finds of the connector. */
final class DuckDbConfigTest {

    private static final Map<String, String> SMALLEST = Map.of("name", "w", "database.path", "w.duckdb");

    @TempDir
    private Path directory;

    private static Map<String, List<String>> errors(String... keysAndValues) {
        Map<String, String> settings = new HashMap<>(SMALLEST);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value : new DuckDbSinkConnector().validate(settings).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    @Test
    void takesAPathAlone() {
        assertThat(errors()).isEmpty();
    }

    @Test
    void namesTheKeyThatIsWrong() {
        assertThat(errors("database.path", "")).containsOnlyKeys("database.path");
        assertThat(errors("memory.limit", "lots")).containsOnlyKeys("memory.limit");
        assertThat(errors("memory.limit", "1GB'; DROP TABLE x; --")).containsOnlyKeys("memory.limit");
        assertThat(errors("insert.mode", "replace")).containsOnlyKeys("insert.mode");
        assertThat(errors("batch.size", "0")).containsOnlyKeys("batch.size");
        assertThat(errors("max.retries", "-1")).containsOnlyKeys("max.retries");
        assertThat(errors("table.name.format", "a.b.${topic}")).containsOnlyKeys("table.name.format");
    }

    @Test
    void namesCombinationsThatCannotWork() {
        assertThat(errors("pk.mode", "none").get("pk.mode"))
                .singleElement()
                .asString()
                .contains("insert.mode=insert");
        assertThat(errors("pk.mode", "record_value")).containsOnlyKeys("pk.fields");
        assertThat(errors("insert.mode", "insert", "delete.enabled", "true")).containsOnlyKeys("delete.enabled");
        assertThat(errors("insert.mode", "insert", "pk.mode", "none")).isEmpty();
    }

    @Test
    void isFoundAndSaysThatUnknownKeysAreErrors() throws IOException {
        assertThat(ServiceLoader.load(SinkConnector.class)).hasExactlyElementsOfTypes(DuckDbSinkConnector.class);
        String manifest = "/META-INF/millrace/" + DuckDbSinkConnector.class.getName() + ".properties";
        try (InputStream in = DuckDbSinkConnector.class.getResourceAsStream(manifest)) {
            Properties properties = new Properties();
            properties.load(in);
            assertThat(properties).containsEntry("unknown.keys", "refuse").containsEntry("pass.through.prefixes", "");
        }
    }

    @Test
    void theExampleKeepsATable() throws IOException, SQLException {
        JsonNode example = new ObjectMapper().readTree(Files.readString(Path.of("../../configs/duckdb-sink.json")));
        Map<String, String> settings =
                new ObjectMapper().convertValue(example.get("config"), new TypeReference<Map<String, String>>() {});
        settings.put("name", example.get("name").asText());
        settings.put(
                "database.path",
                directory.resolve(settings.get("database.path")).toString());
        assertThat(new DuckDbSinkConnector().validate(settings).configValues())
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());

        ChangeLog log = new ChangeLog("shop.public.customers");
        DuckDbSinkTask task = new DuckDbSinkTask();
        task.initialize(new SimSinkContext(Map.of(), false));
        task.start(settings);
        task.open(log.partitions());
        task.put(List.of(log.upsert(1, "Ann", 1)));
        try (Connection reader = DriverManager.getConnection("jdbc:duckdb:" + settings.get("database.path"));
                ResultSet rows = reader.createStatement().executeQuery("SELECT name FROM customers")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("Ann");
        }
        task.stop();
    }
}
