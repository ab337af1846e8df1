package io.millrace.connector.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.junit.jupiter.api.Test;

/** Every type that a schema can name arrives in a column of its own type, nothing lost, nulls included. */
public abstract class ColumnTypesContract extends TableSinkHarness {

    private static final int MANY = 250;

    /** One value of one schema, and how it reads when the column is cast to text. */
    protected record Sample(String name, Schema schema, Object value, String text) {}

    private final ChangeLog log = new ChangeLog("samples");

    /** Samples that read differently in this database, by name. */
    protected abstract Map<String, String> texts();

    /** The column types this database uses, by name of the sample; those left out are not checked. */
    protected abstract Map<String, String> columnTypes();

    /** A query for column names and types of the table {@code samples}. */
    protected abstract String columnTypesQuery();

    private List<Sample> samples() {
        List<Sample> all = new ArrayList<>(numbers());
        all.addAll(words());
        all.addAll(times());
        all.addAll(arrays());
        return all;
    }

    private static List<Sample> numbers() {
        BigDecimal big = new BigDecimal("-123456789012345678901234567890.12345678");
        return List.of(
                sample("bool", Schema.BOOLEAN_SCHEMA, true, "true"),
                sample("int8", Schema.INT8_SCHEMA, Byte.MIN_VALUE, "-128"),
                sample("int16", Schema.INT16_SCHEMA, Short.MAX_VALUE, "32767"),
                sample("int32", Schema.INT32_SCHEMA, Integer.MIN_VALUE, "-2147483648"),
                sample("int64", Schema.INT64_SCHEMA, Long.MIN_VALUE, "-9223372036854775808"),
                sample("float32", Schema.FLOAT32_SCHEMA, 0.1f, "0.1"),
                sample("float64", Schema.FLOAT64_SCHEMA, 0.1 + 0.2, "0.30000000000000004"),
                sample("nan", Schema.FLOAT64_SCHEMA, Double.NaN, "NaN"),
                sample("infinite", Schema.FLOAT32_SCHEMA, Float.NEGATIVE_INFINITY, "-Infinity"),
                sample("dec", Decimal.schema(2), new BigDecimal("1234567.80"), "1234567.80"),
                sample("dec_big", Decimal.schema(8), big, big.toPlainString()),
                sample("dec_precise", precise(12, 3), new BigDecimal("-0.001"), "-0.001"),
                sample("dec_huge", precise(60, 1), new BigDecimal("9".repeat(59) + ".5"), "9".repeat(59) + ".5"),
                sample("dec_variable", variable(), variable("1.5e-20"), "0.000000000000000000015"));
    }

    private static List<Sample> words() {
        String odd = "tab\t line\n return\r back\\slash \\N 'quote' \"double\" \u00fc \u4e2d \ud83d\ude80 {a,b}";
        return List.of(
                sample("text", Schema.STRING_SCHEMA, odd, odd),
                sample("empty", Schema.STRING_SCHEMA, "", ""),
                sample("null_word", Schema.STRING_SCHEMA, "NULL", "NULL"),
                sample("bytes", Schema.BYTES_SCHEMA, new byte[] {0, 1, '\\', (byte) 0xff}, "\\x00015cff"),
                sample(
                        "buffer",
                        Schema.BYTES_SCHEMA,
                        ByteBuffer.wrap("ab".getBytes(StandardCharsets.UTF_8)),
                        "\\x6162"),
                sample(
                        "uuid",
                        named(Schema.Type.STRING, "io.debezium.data.Uuid"),
                        "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
                        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                sample(
                        "json",
                        named(Schema.Type.STRING, "io.debezium.data.Json"),
                        "{\"a\": [1, 2]}",
                        "{\"a\": [1, 2]}"),
                sample("enumerated", named(Schema.Type.STRING, "io.debezium.data.Enum"), "red", "red"),
                sample("xml", named(Schema.Type.STRING, "io.debezium.data.Xml"), "<a/>", "<a/>"),
                sample("bits", bits(10), new byte[] {5, 2}, "1000000101"),
                sample("pair", PAIR, pair(), "{\"n\":1,\"d\":2.50,\"b\":\"AAE=\",\"none\":null}"));
    }

    private static List<Sample> times() {
        LocalDate day = LocalDate.of(2024, 2, 29);
        Instant instant = Instant.parse("1969-12-31T23:59:59.123456Z");
        long micros = -1_000_000L + 123_456L;
        return List.of(
                sample(
                        "date",
                        Date.SCHEMA,
                        java.util.Date.from(day.atStartOfDay().toInstant(ZoneOffset.UTC)),
                        "2024-02-29"),
                sample("dbz_date", debezium(Schema.Type.INT32, "Date"), -719_163, "0001-12-31 BC"),
                sample("date_end", debezium(Schema.Type.INT32, "Date"), -2_147_472_692, "infinity"),
                sample("time", Time.SCHEMA, java.util.Date.from(Instant.ofEpochMilli(3_723_004)), "01:02:03.004"),
                sample("dbz_time", debezium(Schema.Type.INT32, "Time"), 0, "00:00:00"),
                sample("micro_time", debezium(Schema.Type.INT64, "MicroTime"), 86_399_999_999L, "23:59:59.999999"),
                sample("midnight", debezium(Schema.Type.INT64, "MicroTime"), 86_400_000_000L, "24:00:00"),
                sample("nano_time", debezium(Schema.Type.INT64, "NanoTime"), 1L, "1"),
                sample("ts", Timestamp.SCHEMA, java.util.Date.from(Instant.ofEpochMilli(1)), "1970-01-01 00:00:00.001"),
                sample("dbz_ts", debezium(Schema.Type.INT64, "Timestamp"), -1L, "1969-12-31 23:59:59.999"),
                sample("micro_ts", debezium(Schema.Type.INT64, "MicroTimestamp"), micros, "1969-12-31 23:59:59.123456"),
                sample("ts_end", debezium(Schema.Type.INT64, "MicroTimestamp"), 9_223_372_036_825_200_000L, "infinity"),
                sample("nano_ts", debezium(Schema.Type.INT64, "NanoTimestamp"), 1_000_000_001L, "1000000001"),
                sample("zoned", zoned("ZonedTimestamp"), "2024-07-01T12:00:00.5+02:00", "2024-07-01 10:00:00.5+00"),
                sample("zoned_old", zoned("ZonedTimestamp"), instant.toString(), "1969-12-31 23:59:59.123456+00"),
                sample("zoned_start", zoned("ZonedTimestamp"), "-infinity", "-infinity"),
                sample("zoned_time", zoned("ZonedTime"), "10:11:12.123456+05:30", "10:11:12.123456+05:30"),
                sample("zoned_utc", zoned("ZonedTime"), "10:11:12Z", "10:11:12+00"),
                sample("duration", debezium(Schema.Type.INT64, "MicroDuration"), 90_000_000L, "90000000"),
                sample("interval", zoned("Interval"), "P1Y2M3DT4H5M6.5S", "P1Y2M3DT4H5M6.5S"));
    }

    private static List<Sample> arrays() {
        Schema days = SchemaBuilder.array(debezium(Schema.Type.INT32, "Date")).build();
        Schema instants = SchemaBuilder.array(zoned("ZonedTimestamp")).build();
        Schema nested = SchemaBuilder.array(
                        SchemaBuilder.array(Schema.INT32_SCHEMA).build())
                .build();
        return List.of(
                sample("ints", array(Schema.OPTIONAL_INT32_SCHEMA), Arrays.asList(1, null, 3), "{1,NULL,3}"),
                sample("none", array(Schema.INT64_SCHEMA), List.of(), "{}"),
                sample(
                        "words",
                        array(Schema.OPTIONAL_STRING_SCHEMA),
                        List.of("a b", "c\"d\\", ""),
                        "{\"a b\",\"c\\\"d\\\\\",\"\"}"),
                sample("days", days, List.of(0, 19_782), "{1970-01-01,2024-02-29}"),
                sample("instants", instants, List.of("2024-07-01T12:00:00Z"), "{\"2024-07-01 12:00:00+00\"}"),
                sample("decimals", array(precise(5, 2)), List.of(new BigDecimal("1.10")), "{1.10}"),
                sample("flags", array(Schema.BOOLEAN_SCHEMA), List.of(true, false), "{t,f}"),
                sample("nested", nested, List.of(List.of(1, 2), List.of(3)), "[[1,2],[3]]"));
    }

    private static final Schema PAIR = SchemaBuilder.struct()
            .field("n", Schema.INT32_SCHEMA)
            .field("d", Decimal.schema(2))
            .field("b", Schema.BYTES_SCHEMA)
            .field("none", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private static Struct pair() {
        return new Struct(PAIR).put("n", 1).put("d", new BigDecimal("2.50")).put("b", new byte[] {0, 1});
    }

    private static Sample sample(String name, Schema schema, Object value, String text) {
        return new Sample(name, schema, value, text);
    }

    private static Schema array(Schema element) {
        return SchemaBuilder.array(element).build();
    }

    private static Schema named(Schema.Type type, String name) {
        return SchemaBuilder.type(type).name(name).build();
    }

    private static Schema debezium(Schema.Type type, String name) {
        return named(type, "io.debezium.time." + name);
    }

    private static Schema zoned(String name) {
        return debezium(Schema.Type.STRING, name);
    }

    private static Schema precise(int precision, int scale) {
        return Decimal.builder(scale)
                .parameter("connect.decimal.precision", String.valueOf(precision))
                .build();
    }

    private static Schema bits(int length) {
        return SchemaBuilder.bytes()
                .name("io.debezium.data.Bits")
                .parameter("length", String.valueOf(length))
                .build();
    }

    private static Schema variable() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA)
                .build();
    }

    private static Struct variable(String number) {
        BigDecimal decimal = new BigDecimal(number);
        BigInteger unscaled = decimal.unscaledValue();
        return new Struct(variable()).put("scale", decimal.scale()).put("value", unscaled.toByteArray());
    }

    private static Schema optional(Schema schema) {
        SchemaBuilder copy =
                new SchemaBuilder(schema.type()).name(schema.name()).optional();
        if (schema.parameters() != null) {
            copy.parameters(schema.parameters());
        }
        return switch (schema.type()) {
            case ARRAY -> SchemaBuilder.array(schema.valueSchema()).optional().build();
            case STRUCT -> {
                schema.fields().forEach(field -> copy.field(field.name(), field.schema()));
                yield copy.build();
            }
            default -> copy.build();
        };
    }

    private Schema rowSchema() {
        SchemaBuilder row = SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA);
        samples().forEach(sample -> row.field(sample.name(), optional(sample.schema())));
        return row.build();
    }

    private SinkRecord full(Schema schema, long id) {
        Struct row = new Struct(schema).put("id", id);
        for (Sample sample : samples()) {
            Object value = sample.value() instanceof Struct struct ? again(struct, sample.schema()) : sample.value();
            row.put(sample.name(), value);
        }
        return log.row(id, row);
    }

    /** The same struct under the optional form of its schema. */
    private static Struct again(Struct struct, Schema schema) {
        Struct copy = new Struct(optional(schema));
        schema.fields().forEach(field -> copy.put(field.name(), struct.get(field)));
        return copy;
    }

    @Test
    void everyTypeArrivesAndReadsTheSame() {
        Schema schema = rowSchema();
        SinkTask task = task(log.partitions());
        List<SinkRecord> few = List.of(full(schema, 1), log.row(2, new Struct(schema).put("id", 2L)));
        task.put(few);
        List<SinkRecord> many = new ArrayList<>();
        for (long id = 3; id < 3 + MANY; id++) {
            many.add(full(schema, id));
        }
        task.put(many);
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (Sample sample : samples()) {
            String text = texts().getOrDefault(sample.name(), sample.text());
            expected.put(sample.name(), List.of(text, "null", text));
            found.put(
                    sample.name(),
                    query("SELECT CAST(\"" + sample.name() + "\" AS VARCHAR) FROM samples"
                            + " WHERE id IN (1, 2, 3) ORDER BY id"));
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void columnsHaveTheTypesOfTheirValues() {
        task(log.partitions()).put(List.of(full(rowSchema(), 1)));
        List<String> expected = columnTypes().entrySet().stream()
                .map(type -> type.getKey() + "|" + type.getValue())
                .toList();
        assertThat(query(columnTypesQuery())).containsAll(expected);
    }

    @Test
    void refusesAnInstantFinerThanTheColumn() {
        Schema row = SchemaBuilder.struct().field("at", zoned("ZonedTimestamp")).build();
        SinkTask task = task(log.partitions());
        assertThatThrownBy(() ->
                        task.put(List.of(log.row(1, new Struct(row).put("at", "2024-01-01T00:00:00.123456789Z")))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("offset 0: field 'at': timestamp 2024-01-01T00:00:00.123456789Z is finer");
    }

    @Test
    void keysOfEveryUsualTypeNameTheirRow() {
        Schema key = SchemaBuilder.struct()
                .field("u", named(Schema.Type.STRING, "io.debezium.data.Uuid"))
                .field("b", Schema.BYTES_SCHEMA)
                .field("t", debezium(Schema.Type.INT64, "MicroTimestamp"))
                .field("d", precise(10, 2))
                .build();
        Schema row = SchemaBuilder.struct().field("v", Schema.INT32_SCHEMA).build();
        Struct name = new Struct(key)
                .put("u", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
                .put("b", new byte[] {1, 2})
                .put("t", 1L)
                .put("d", new BigDecimal("1.20"));
        SinkTask task = task(log.partitions());
        task.put(List.of(
                log.record(key, name, row, new Struct(row).put("v", 1)),
                log.record(key, name, row, new Struct(row).put("v", 2))));
        task.put(List.of(log.record(key, name, row, new Struct(row).put("v", 3))));
        assertThat(query("SELECT v FROM samples")).containsExactly("3");
        task.put(List.of(log.record(key, name, null, null)));
        assertThat(query("SELECT v FROM samples")).isEmpty();
    }
}
