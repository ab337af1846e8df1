package io.millrace.connector.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetTypesTest {

    private static final Schema POINT = SchemaBuilder.struct()
            .field("x", Schema.INT32_SCHEMA)
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .optional()
            .build();

    @TempDir
    Path folder;

    /**
     * @param type what DuckDB says that the column is
     * @param text what DuckDB reads
     */
    record Case(String name, Schema schema, Object value, String type, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(Schema schema, Object value, String type, String text) {
        String name = schema.name() == null ? schema.type().getName() : schema.name();
        return new Case(name + " " + text, schema, value, type, text);
    }

    private static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(primitives());
        cases.addAll(decimals());
        cases.addAll(clocks());
        cases.addAll(debezium());
        cases.addAll(nested());
        return cases.stream();
    }

    private static List<Case> primitives() {
        return List.of(
                of(Schema.BOOLEAN_SCHEMA, true, "BOOLEAN", "true"),
                of(Schema.INT8_SCHEMA, (byte) -128, "TINYINT", "-128"),
                of(Schema.INT16_SCHEMA, (short) 32767, "SMALLINT", "32767"),
                of(Schema.INT32_SCHEMA, Integer.MIN_VALUE, "INTEGER", "-2147483648"),
                of(Schema.INT64_SCHEMA, Long.MAX_VALUE, "BIGINT", "9223372036854775807"),
                of(Schema.FLOAT32_SCHEMA, 1.5f, "FLOAT", "1.5"),
                of(Schema.FLOAT64_SCHEMA, Double.NaN, "DOUBLE", "nan"),
                of(Schema.FLOAT64_SCHEMA, 0.1, "DOUBLE", "0.1"),
                of(Schema.STRING_SCHEMA, "häß 🌊", "VARCHAR", "häß 🌊"),
                of(Schema.STRING_SCHEMA, "", "VARCHAR", ""),
                of(Schema.BYTES_SCHEMA, new byte[] {0, 1, -1}, "BLOB", "\\x00\\x01\\xFF"),
                of(Schema.BYTES_SCHEMA, ByteBuffer.wrap(new byte[] {7}), "BLOB", "\\x07"));
    }

    private static List<Case> decimals() {
        return List.of(
                of(decimal(2, "9"), new BigDecimal("-1234567.89"), "DECIMAL(9,2)", "-1234567.89"),
                of(decimal(4, "18"), new BigDecimal("12345678901234.5678"), "DECIMAL(18,4)", "12345678901234.5678"),
                of(decimal(0, "38"), new BigDecimal("9".repeat(38)), "DECIMAL(38,0)", "9".repeat(38)),
                of(decimal(0, "38"), new BigDecimal("-" + "9".repeat(38)), "DECIMAL(38,0)", "-" + "9".repeat(38)),
                of(Decimal.schema(3), new BigDecimal("-0.001"), "DECIMAL(38,3)", "-0.001"),
                of(Decimal.schema(3), new BigDecimal("0.000"), "DECIMAL(38,3)", "0.000"));
    }

    private static Schema decimal(int scale, String precision) {
        return Decimal.builder(scale)
                .parameter("connect.decimal.precision", precision)
                .build();
    }

    private static List<Case> clocks() {
        java.util.Date moment = java.util.Date.from(Instant.parse("1969-12-31T23:59:58.999Z"));
        return List.of(
                of(Date.SCHEMA, java.util.Date.from(Instant.parse("1582-01-02T00:00:00Z")), "DATE", "1582-01-02"),
                of(Time.SCHEMA, java.util.Date.from(Instant.ofEpochMilli(3_723_004)), "TIME", "01:02:03.004"),
                of(Timestamp.SCHEMA, moment, "TIMESTAMP", "1969-12-31 23:59:58.999"));
    }

    private static Schema named(Schema.Type type, String name) {
        return SchemaBuilder.type(type).name("io.debezium." + name).build();
    }

    private static List<Case> debezium() {
        Schema variable = SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA)
                .build();
        Struct number = new Struct(variable).put("scale", 5).put("value", new byte[] {-1});
        return List.of(
                of(named(Schema.Type.INT32, "time.Date"), -1, "DATE", "1969-12-31"),
                of(named(Schema.Type.INT32, "time.Time"), 1, "TIME", "00:00:00.001"),
                of(named(Schema.Type.INT64, "time.MicroTime"), 86_399_999_999L, "TIME", "23:59:59.999999"),
                of(named(Schema.Type.INT64, "time.MicroTime"), 86_400_000_000L, "TIME", "24:00:00"),
                of(named(Schema.Type.INT64, "time.Timestamp"), -1L, "TIMESTAMP", "1969-12-31 23:59:59.999"),
                of(
                        named(Schema.Type.INT64, "time.MicroTimestamp"),
                        1_795_392_000_000_001L,
                        "TIMESTAMP",
                        "2026-11-23 00:00:00.000001"),
                of(
                        named(Schema.Type.INT64, "time.NanoTimestamp"),
                        1_795_392_000_000_000_001L,
                        "TIMESTAMP_NS",
                        "2026-11-23 00:00:00.000000001"),
                of(
                        named(Schema.Type.STRING, "time.ZonedTimestamp"),
                        "2026-11-23T01:02:03.123456+02:00",
                        "TIMESTAMP WITH TIME ZONE",
                        "2026-11-22 23:02:03.123456+00"),
                of(named(Schema.Type.STRING, "time.ZonedTime"), "10:00:00+02:00", "VARCHAR", "10:00:00+02:00"),
                of(named(Schema.Type.INT64, "time.MicroDuration"), 5L, "BIGINT", "5"),
                of(
                        named(Schema.Type.STRING, "data.Uuid"),
                        "f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f",
                        "UUID",
                        "f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f"),
                of(named(Schema.Type.STRING, "data.Json"), "{\"a\": [1]}", "JSON", "{\"a\": [1]}"),
                of(named(Schema.Type.STRING, "data.Enum"), "red", "VARCHAR", "red"),
                of(variable, number, "VARCHAR", "-0.00001"));
    }

    private static List<Case> nested() {
        Schema numbers = SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA).build();
        Schema matrix = SchemaBuilder.array(numbers).build();
        Schema map = SchemaBuilder.map(
                        Schema.STRING_SCHEMA, Decimal.builder(1).optional().build())
                .build();
        Schema points = SchemaBuilder.array(POINT).build();
        return List.of(
                of(numbers, java.util.Arrays.asList(1, null, 3), "INTEGER[]", "[1, NULL, 3]"),
                of(numbers, List.of(), "INTEGER[]", "[]"),
                of(matrix, List.of(List.of(1), List.of(), List.of(2, 3)), "INTEGER[][]", "[[1], [], [2, 3]]"),
                of(map, Map.of("a", new BigDecimal("1.5")), "MAP(VARCHAR, DECIMAL(38,1))", "{a=1.5}"),
                of(map, Map.of(), "MAP(VARCHAR, DECIMAL(38,1))", "{}"),
                of(
                        POINT,
                        new Struct(POINT).put("x", 1),
                        "STRUCT(x INTEGER, \"label\" VARCHAR)",
                        "{'x': 1, 'label': NULL}"),
                of(
                        points,
                        java.util.Arrays.asList(new Struct(POINT).put("x", 1).put("label", "b"), null),
                        "STRUCT(x INTEGER, \"label\" VARCHAR)[]",
                        "[{'x': 1, 'label': b}, NULL]"));
    }

    @Test
    void readsBackWhatWasWritten() {
        SchemaBuilder schema = SchemaBuilder.struct();
        cases().forEach(example -> schema.field(example.name(), example.schema()));
        Struct row = new Struct(schema.build());
        cases().forEach(example -> row.put(example.name(), example.value()));

        store(row);

        assertThat(read()).containsExactlyEntriesOf(expected(Case::text));
    }

    @Test
    void readsBackNull() {
        SchemaBuilder schema = SchemaBuilder.struct();
        cases().forEach(example -> schema.field(example.name(), optional(example.schema())));

        store(new Struct(schema.build()));

        assertThat(read()).containsExactlyEntriesOf(expected(example -> "null"));
    }

    private static Map<String, String> expected(Function<Case, String> text) {
        Map<String, String> expected = new LinkedHashMap<>();
        cases().forEach(example -> expected.put(example.name(), example.type() + "|" + text.apply(example)));
        return expected;
    }

    /** The type and the text of every column. */
    private Map<String, String> read() {
        Map<String, String> read = new LinkedHashMap<>();
        cases().forEach(example -> {
            String column = '"' + example.name().replace("\"", "\"\"") + '"';
            read.put(
                    example.name(),
                    Duck.query(folder, "SELECT typeof(" + column + "), " + column + "::VARCHAR FROM ALL")
                            .getFirst());
        });
        return read;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
    void compresses(String codec) {
        store(Schema.STRING_SCHEMA, "x".repeat(10_000), "parquet.codec", codec);

        assertThat(Duck.query(folder, "SELECT length(v) FROM ALL")).containsExactly("10000");
    }

    @Test
    void refusesADecimalWithMoreDigitsThanFit() {
        assertThatThrownBy(() -> store(decimal(0, "3"), new BigDecimal("1000")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("shop.orders-0 offset 0", "Field v", "4 digits", "3 fit");
    }

    @Test
    void refusesATimestampThatIsFinerThanAMicrosecond() {
        assertThatThrownBy(
                        () -> store(named(Schema.Type.STRING, "time.ZonedTimestamp"), "2026-11-23T00:00:00.0000001Z"))
                .hasMessageContainingAll("Field v", "finer than a microsecond");
    }

    @Test
    void refusesTextThatIsNoTimestamp() {
        assertThatThrownBy(() -> store(named(Schema.Type.STRING, "time.ZonedTimestamp"), "soon"))
                .hasMessageContainingAll("offset 0", "Field v", "soon");
    }

    private static Schema optional(Schema schema) {
        if (schema.isOptional()) {
            return schema;
        }
        SchemaBuilder builder = switch (schema.type()) {
            case ARRAY -> SchemaBuilder.array(schema.valueSchema());
            case MAP -> SchemaBuilder.map(schema.keySchema(), schema.valueSchema());
            default -> SchemaBuilder.type(schema.type());
        };
        if (schema.type() == Schema.Type.STRUCT) {
            schema.fields().forEach(field -> builder.field(field.name(), field.schema()));
        }
        if (schema.parameters() != null) {
            builder.parameters(schema.parameters());
        }
        return builder.name(schema.name()).optional().build();
    }

    private void store(Schema schema, Object value, String... more) {
        Schema row = SchemaBuilder.struct().field("v", schema).build();
        store(new Struct(row).put("v", value), more);
    }

    private void store(Struct row, String... more) {
        Map<String, String> config =
                new HashMap<>(Map.of("store.url", folder.toUri().toString(), "flush.size", "1"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        Runtimes.on(config).append(Rows.record(0, 0, row.schema(), row)).start().drain();
    }
}
