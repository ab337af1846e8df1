package io.millrace.connector.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3SinkConfigTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"s3-parquet.json", "folder-json.json"})
    void takesTheExamples(String name) throws IOException {
        JsonNode example = JSON.readTree(Path.of("../../configs", name).toFile());
        Map<String, String> config =
                JSON.convertValue(example.get("config"), new TypeReference<Map<String, String>>() {});

        assertThat(errors(config)).isEmpty();
        assertThat(S3SinkConfig.DEFINITION.names())
                .containsAll(config.keySet().stream()
                        .filter(key -> !List.of("connector.class", "tasks.max", "topics.regex")
                                .contains(key))
                        .toList());
    }

    @Test
    void takesAConfigOfConfluentsConnector() {
        Map<String, String> config = Map.of(
                "s3.bucket.name", "lake",
                "s3.region", "eu-central-1",
                "s3.part.size", "5242880",
                "flush.size", "1000",
                "rotate.interval.ms", "60000",
                "storage.class", "io.confluent.connect.s3.storage.S3Storage",
                "format.class", "io.confluent.connect.s3.format.json.JsonFormat",
                "partitioner.class", "io.confluent.connect.storage.partitioner.DefaultPartitioner",
                "schema.compatibility", "NONE",
                "behavior.on.null.values", "ignore");

        assertThat(errors(config)).isEmpty();
        assertThat(S3SinkConfig.of(config).isParquet()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "flush.size, 0",
        "flush.bytes, 1",
        "s3.part.size, 100",
        "format.class, avro",
        "parquet.codec, lzo",
        "s3.compression.type, brotli",
        "behavior.on.null.values, drop",
        "schema.compatibility, FULL",
        "store.url, localhost:9000",
        "store.url, http://",
        "store.url, file:relative",
        "store.url, file://host/path",
        "store.url, file:/with space",
        "topics.dir, /lake",
        "rotate.interval.ms, -2",
        "partitioner.class, io.confluent.connect.storage.partitioner.FieldPartitioner",
        "enable.conditional.writes, maybe",
        "aws.access.key.id, only-half",
        "metadata.columns, false",
    })
    void namesTheKeyThatIsWrong(String key, String value) {
        Map<String, String> config = new TreeMap<>(Map.of("s3.bucket.name", "lake"));
        config.put(key, value);

        assertThat(errors(config))
                .hasSize(1)
                .allSatisfy((name, messages) ->
                        assertThat(messages).singleElement().asString().contains(name));
        assertThatThrownBy(() -> S3SinkConfig.of(config)).isInstanceOf(ConfigException.class);
    }

    @Test
    void asksForABucketOrAFolder() {
        assertThat(errors(Map.of())).containsOnlyKeys("s3.bucket.name");
        assertThat(errors(Map.of("store.url", "file:/tmp/x"))).isEmpty();
    }

    @Test
    void asksForOffsetsInAFolderOfJson() {
        assertThat(errors(Map.of(
                        "store.url", "file:/tmp/x",
                        "format.class", "json",
                        "metadata.columns", "false",
                        "behavior.on.null.values", "ignore")))
                .containsOnlyKeys("metadata.columns");
    }

    @Test
    void isDescribedInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(S3SinkConfig.DEFINITION.names())
                .allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
    }

    private static Map<String, List<String>> errors(Map<String, String> config) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConfigValue value : new S3SinkConnector().validate(config).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }
}
