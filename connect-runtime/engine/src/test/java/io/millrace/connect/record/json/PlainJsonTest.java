package io.millrace.connect.record.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written without schemas: the bytes are those of Kafka's converter. */
class PlainJsonTest {

    private static final String TOPIC = "orders";
    private static final Map<String, String> CONFIG = Map.of("schemas.enable", "false");

    private final Converter kafkas = kafkas();
    private final Converter ours = JsonEnvelopes.quicker(kafkas(), CONFIG);

    private static Converter kafkas() {
        JsonConverter converter = new JsonConverter();
        converter.configure(CONFIG, false);
        return converter;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void writesRowsWithAndWithoutSchemaAsKafkasConverterDoes(long seed) {
        RandomRows rows = new RandomRows(seed);
        Schema table = rows.table("one");
        for (int i = 0; i < 300; i++) {
            Struct row = rows.row(table);
            assertSame(table, row);
            byte[] json = kafkas.fromConnectData(TOPIC, table, row);
            assertSame(null, kafkas.toConnectData(TOPIC, json).value());
            assertThat(ours.toConnectData(TOPIC, json)).isEqualTo(kafkas.toConnectData(TOPIC, json));
        }
    }

    private void assertSame(@Nullable Schema schema, @Nullable Object value) {
        assertThat(written(ours, schema, value)).isEqualTo(written(kafkas, schema, value));
    }

    private static @Nullable String written(Converter converter, @Nullable Schema schema, @Nullable Object value) {
        try {
            byte[] bytes = converter.fromConnectData(TOPIC, schema, value);
            return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        } catch (DataException | ClassCastException | NullPointerException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    @Test
    void writesWhatIsUnusualOrWrongAsKafkasConverterDoes() {
        Schema table = new RandomRows(5).table("one");
        List<@Nullable Object> values = Arrays.asList(
                null,
                5L,
                (byte) 5,
                (short) 5,
                Float.NaN,
                -0.0,
                "text",
                new byte[] {1, 2},
                ByteBuffer.wrap(new byte[] {1, 2}),
                CharBuffer.wrap("text"),
                new BigDecimal("1.50"),
                new Struct(table),
                Map.of(1, "one"),
                Collections.singletonMap(null, 1),
                Collections.singletonMap("none", null),
                Map.of("inner", Map.of(1L, List.of(Map.of("deep", 2.5)))),
                new Object[] {1});

        values.forEach(value -> assertSame(null, value));
        values.forEach(value -> assertSame(table, value));
    }
}
