package io.millrace.connector.faker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakerConfigTest {

    private static final Path EXAMPLE = Path.of("../../configs/faker-shop.json");

    @ParameterizedTest
    @CsvSource({
        "rows, -2",
        "rows, 99999999999999",
        "rows, many",
        "rows.per.second, -1",
        "rows.per.second, 1000001",
        "batch.rows, 0",
        "batch.rows, 100001",
        "seed, x",
        "topic.prefix, 'my shop'"
    })
    void refusesAValueOutOfRangeAndNamesItsKey(String key, String value) {
        assertThatThrownBy(() -> FakerConfig.from(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @Test
    void everyKeyHasADefaultAndADescription() {
        assertThat(FakerConfig.from(Map.of())).isEqualTo(new FakerConfig("shop", 1, ShopScript.CHANGES_MAX, 0, 1000));
        assertThat(FakerConfig.DEFINITION.configKeys().values())
                .allSatisfy(key -> assertThat(key.documentation).isNotBlank());
    }

    @Test
    void readmeNamesEveryKey() throws IOException {
        assertThat(Files.readString(Path.of("README.md")))
                .contains(FakerConfig.DEFINITION.names().stream()
                        .map(key -> "`" + key + "`")
                        .toList());
    }

    @Test
    void exampleConfigRuns() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode example = json.readTree(EXAMPLE.toFile());
        Map<String, String> config = json.convertValue(example.get("config"), new TypeReference<>() {});

        assertThat(config).containsEntry("connector.class", FakerSourceConnector.class.getName());
        Set<String> frameworkKeys = Set.of("connector.class", "tasks.max");
        assertThat(config.keySet())
                .allMatch(key -> frameworkKeys.contains(key)
                        || FakerConfig.DEFINITION.names().contains(key));
        assertThat(ShopRun.drain(config, null)).hasSize(100_000).allMatch(FakerConfigTest::hasKey);
    }

    @Test
    void serviceLineAndStrictnessManifestAreThere() {
        assertThat(ServiceLoader.load(SourceConnector.class)).hasAtLeastOneElementOfType(FakerSourceConnector.class);
        assertThat(getClass().getResource("/META-INF/millrace/" + FakerSourceConnector.class.getName() + ".properties"))
                .isNotNull();
    }

    private static boolean hasKey(SourceRecord record) {
        return record.key() != null;
    }
}
