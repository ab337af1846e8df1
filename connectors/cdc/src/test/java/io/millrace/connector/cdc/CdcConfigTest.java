package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.spi.snapshot.Snapshotter;
import io.millrace.connector.cdc.Databases.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CdcConfigTest {

    private static final Path EXAMPLE = Path.of("../../configs/postgres-cdc.json");

    private final PostgresCdcSourceConnector connector = new PostgresCdcSourceConnector();

    @Test
    void namesOfSlotsAreLegalAndDifferForDifferentNames() {
        assertThat(CdcConfig.identifier("shop")).isEqualTo("millrace_shop");
        assertThat(CdcConfig.identifier("my-Shop")).matches("millrace_my_shop_[0-9a-f]+");
        assertThat(CdcConfig.identifier("my-Shop")).isNotEqualTo(CdcConfig.identifier("my.shop"));
        assertThat(CdcConfig.identifier("x".repeat(100))).hasSize(63);
    }

    @Test
    void connectorNameStandsInForPrefixSlotAndPublication() {
        Map<String, String> config = CdcConfig.withDefaults(Map.of("name", "shop"));
        assertThat(config)
                .containsEntry("topic.prefix", "shop")
                .containsEntry("slot.name", "millrace_shop")
                .containsEntry("publication.name", "millrace_shop");
    }

    @Test
    void givenKeysAreNotOverridden() {
        Map<String, String> given = Map.of("topic.prefix", "p", "slot.name", "s", "poll.interval.ms", "100");
        assertThat(CdcConfig.withDefaults(given)).containsAllEntriesOf(given);
    }

    @Test
    void validationNeedsNoDatabase() {
        assertThat(errors(minimal())).isEmpty();
    }

    @Test
    void validationNamesTheKeyThatIsWrong() {
        assertThat(errors(with("database.hostname", null))).containsOnlyKeys("database.hostname");
        assertThat(errors(with("database.port", "many"))).containsOnlyKeys("database.port");
        assertThat(errors(with("row.format", "json"))).containsOnlyKeys("row.format");
        assertThat(errors(with("snapshot.mode", "sometimes"))).containsOnlyKeys("snapshot.mode");
        assertThat(errors(with("slot.drop.on.stop", "true"))).containsOnlyKeys("slot.drop.on.stop");
        assertThat(errors(with("plugin.name", "decoderbufs"))).containsOnlyKeys("plugin.name");
    }

    @Test
    void taskRefusesWhatWouldLoseChanges() {
        assertThatThrownBy(() -> CdcConfig.from(with("slot.drop.on.stop", "true")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lost");
    }

    @Test
    void definitionHasDebeziumsKeysWithOurDefaultsAndOurs() {
        ConfigDef definition = connector.config();
        assertThat(definition.names())
                .contains("database.hostname", "table.include.list", "row.format", "row.metadata");
        assertThat(definition.defaultValues())
                .containsEntry("plugin.name", "pgoutput")
                .containsEntry("poll.interval.ms", 5L);
        assertThat(definition.configKeys().get("database.password"))
                .extracting(key -> key.type)
                .isEqualTo(ConfigDef.Type.PASSWORD);
    }

    @Test
    void readmeNamesEveryDefaultOfOurs() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(readme)
                .contains(CdcConfig.OWN_KEYS.names().stream()
                        .map(key -> "`" + key + "`")
                        .toList());
        assertThat(readme)
                .contains(CdcConfig.withDefaults(Map.of()).keySet().stream()
                        .map(key -> "`" + key + "`")
                        .toList());
    }

    @Test
    void exampleConfigRuns() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, String> config =
                json.convertValue(json.readTree(EXAMPLE.toFile()).get("config"), new TypeReference<>() {});
        assertThat(config).containsEntry("connector.class", PostgresCdcSourceConnector.class.getName());
        config.keySet().removeAll(List.of("connector.class", "tasks.max"));
        assertThat(connector.config().names()).containsAll(config.keySet());

        Database database = Databases.create();
        database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        config.putAll(Map.of("database.port", "" + database.port(), "database.dbname", database.name()));
        try (Capture capture = new Capture(config).start()) {
            assertThat(capture.await(1)).hasSize(1);
        }
    }

    @Test
    void serviceLinesAndStrictnessManifestAreThere() throws IOException {
        assertThat(ServiceLoader.load(SourceConnector.class))
                .hasAtLeastOneElementOfType(PostgresCdcSourceConnector.class);
        assertThat(ServiceLoader.load(Snapshotter.class))
                .hasAtLeastOneElementOfType(PostgresCdcSourceTask.SlotSnapshotter.class);
        String manifest = "/META-INF/millrace/" + PostgresCdcSourceConnector.class.getName() + ".properties";
        try (InputStream in = getClass().getResourceAsStream(manifest)) {
            Properties properties = new Properties();
            properties.load(in);
            assertThat(properties).containsEntry("unknown.keys", "refuse").containsKey("pass.through.prefixes");
        }
    }

    private Map<String, List<String>> errors(Map<String, String> config) {
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value : connector.validate(config).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    private static Map<String, String> minimal() {
        Map<String, String> config = new HashMap<>();
        config.put("name", "shop");
        config.put("database.hostname", "nowhere.invalid");
        config.put("database.user", "u");
        config.put("database.dbname", "d");
        return config;
    }

    private static Map<String, String> with(String key, @Nullable String value) {
        Map<String, String> config = minimal();
        if (value == null) {
            config.remove(key);
        } else {
            config.put(key, value);
        }
        return config;
    }
}
