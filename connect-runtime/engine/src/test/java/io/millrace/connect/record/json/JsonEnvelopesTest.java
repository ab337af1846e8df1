package io.millrace.connect.record.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is read or written: the result is that of Kafka's converter. */
class JsonEnvelopesTest {

    private static final String TOPIC = "orders";
    private static final String SCHEMA = "{\"schema\":{\"type\":\"struct\",\"fields\":["
            + "{\"type\":\"int32\",\"optional\":false,\"field\":\"id\"},"
            + "{\"type\":\"int64\",\"optional\":true,\"field\":\"big\"},"
            + "{\"type\":\"double\",\"optional\":true,\"field\":\"price\"},"
            + "{\"type\":\"string\",\"optional\":true,\"default\":\"none\",\"field\":\"name\"},"
            + "{\"type\":\"bytes\",\"optional\":true,\"field\":\"raw\"}],\"optional\":true},\"payload\":";

    private final Converter kafkas = kafkas(Map.of());
    private final Converter ours = JsonEnvelopes.quicker(kafkas(Map.of()), Map.of());

    private static Converter kafkas(Map<String, String> config) {
        JsonConverter converter = new JsonConverter();
        converter.configure(config, false);
        return converter;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void writesAndReadsRowsOfEveryTypeAsKafkasConverterDoes(long seed) {
        RandomRows rows = new RandomRows(seed);
        List<Schema> tables = List.of(rows.table("one"), rows.table("two"), rows.table("three"));

        for (int i = 0; i < 300; i++) {
            Schema table = tables.get(i % tables.size());
            Struct row = rows.row(table);
            byte[] expected = kafkas.fromConnectData(TOPIC, table, row);

            assertThat(ours.fromConnectData(TOPIC, table, row)).isEqualTo(expected);
            assertSame(expected);
        }
    }

    private void assertSame(byte[] envelope) {
        Object expected = outcome(() -> kafkas.toConnectData(TOPIC, envelope));
        Object seen = outcome(() -> ours.toConnectData(TOPIC, envelope));

        assertThat(seen).isEqualTo(expected);
    }

    /** What comes out, or what is said to be wrong. */
    private Object outcome(Supplier<SchemaAndValue> conversion) {
        try {
            SchemaAndValue read = conversion.get();
            // Arrays of bytes within lists are equal to none; as text they are.
            byte[] again = kafkas.fromConnectData(TOPIC, read.schema(), read.value());
            return Arrays.asList(read.schema(), again == null ? null : new String(again, StandardCharsets.UTF_8));
        } catch (DataException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"id\":1,\"big\":null,\"price\":null,\"name\":null,\"raw\":null}}",
                "{\"id\":null,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"big\":2,\"id\":1,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"id\":1}}",
                "{\"big\":1}}",
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\",\"more\":[{}]}}",
                "{\"id\":1,\"id\":2,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"id\":4294967297,\"big\":99999999999999999999,\"price\":3,\"name\":5,\"raw\":\"no base64!\"}}",
                "{\"id\":1,\"big\":2,\"price\":-0.0,\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"id\":1,\"big\":2,\"price\":1.5e400,\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"id\":1,\"big\":2,\"price\":\"NaN\",\"name\":\"n\",\"raw\":\"AQI=\"}}",
                "{\"id\":1.0,\"big\":true,\"price\":{},\"name\":[],\"raw\":\"AQI=\"}}",
                " {\"id\" : 1, \"big\":2 , \"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"} } ",
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"},\"more\":1}",
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"},\"payload\":null}",
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}}}",
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}",
                "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\"",
                "[1]}",
                "7}",
                "null}",
                "}",
                ""
            })
    void readsWhatIsUnusualOrWrongAsKafkasConverterDoes(String payload) {
        byte[] usual = (SCHEMA + "{\"id\":1,\"big\":2,\"price\":3.5,\"name\":\"n\",\"raw\":\"AQI=\"}}")
                .getBytes(StandardCharsets.UTF_8);
        assertSame(usual);
        assertSame(usual);

        assertSame((SCHEMA + payload).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsEnvelopesThatWereDamagedAsKafkasConverterDoes() {
        RandomRows rows = new RandomRows(11);
        Schema table = rows.table("one");
        Random random = new Random(12);
        assertSame(kafkas.fromConnectData(TOPIC, table, rows.row(table)));

        for (int i = 0; i < 2_000; i++) {
            byte[] envelope = kafkas.fromConnectData(TOPIC, table, rows.row(table));
            envelope[random.nextInt(envelope.length)] = (byte) random.nextInt(128);
            assertSame(envelope);
        }
    }

    @Test
    void refusesWhatDoesNotFitAsKafkasConverterDoes() {
        Schema table = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
        Schema other = SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build();
        List<Object> values = new ArrayList<>();
        values.add(new Struct(table).put("id", 1));
        values.add(new Struct(other).put("id", "1"));
        values.add(new Struct(table));
        values.add(5);

        for (Object value : values) {
            assertThat(written(ours, table, value)).isEqualTo(written(kafkas, table, value));
        }
    }

    private static String written(Converter converter, Schema schema, Object value) {
        try {
            return new String(converter.fromConnectData(TOPIC, schema, value), StandardCharsets.UTF_8);
        } catch (DataException | ClassCastException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    @Test
    void manySchemasAreHandledAsWellAsFew() {
        for (int i = 0; i < 1_000; i++) {
            Schema schema = SchemaBuilder.struct()
                    .name("t" + i)
                    .field("id", Schema.INT32_SCHEMA)
                    .build();
            Struct row = new Struct(schema).put("id", i);
            byte[] expected = kafkas.fromConnectData(TOPIC, schema, row);

            assertThat(ours.fromConnectData(TOPIC, schema, row)).isEqualTo(expected);
            assertSame(expected);
        }
    }

    @Test
    void handlesKeysAndNullsAsKafkasConverterDoes() {
        byte[] key = kafkas.fromConnectData(TOPIC, Schema.INT64_SCHEMA, 5L);

        assertThat(ours.fromConnectData(TOPIC, Schema.INT64_SCHEMA, 5L)).isEqualTo(key);
        assertThat(ours.fromConnectData(TOPIC, Schema.INT64_SCHEMA, 6L))
                .isEqualTo(kafkas.fromConnectData(TOPIC, Schema.INT64_SCHEMA, 6L));
        assertSame(key);
        assertSame(key);
        assertThat(ours.toConnectData(TOPIC, null)).isEqualTo(SchemaAndValue.NULL);
        assertThat(ours.fromConnectData(TOPIC, null, null)).isNull();
    }

    @Test
    void standsOnlyOverAConverterWhoseConfigItKnows() {
        for (String config : List.of("decimal.format=NUMERIC", "schema.content={\"type\":\"int32\"}")) {
            Map<String, String> given = Map.of(config.split("=")[0], config.split("=")[1]);
            Converter converter = kafkas(given);

            assertThat(JsonEnvelopes.quicker(converter, given)).isSameAs(converter);
        }
    }
}
