package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connector.cdc.Databases.Database;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a value of each PostgreSQL type comes out as: the same from a snapshot and from the stream. */
class TypesTest {

    /** A column type, a value in SQL, the schema it gets (name, or type where it has none) and the value that comes. */
    private record Sample(
            String type,
            String sql,
            String schema,
            @Nullable Object value) {}

    private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";
    private static final String DATE = "io.debezium.time.Date";
    private static final String TIMESTAMP = "io.debezium.time.MicroTimestamp";
    private static final String ZONED = "io.debezium.time.ZonedTimestamp";

    private static final List<Sample> SAMPLES = List.of(
            new Sample("boolean", "true", "BOOLEAN", true),
            new Sample("smallint", "-32768", "INT16", (short) -32768),
            new Sample("int", "2147483647", "INT32", Integer.MAX_VALUE),
            new Sample("bigint", "-9223372036854775808", "INT64", Long.MIN_VALUE),
            new Sample("real", "'NaN'", "FLOAT32", Float.NaN),
            new Sample("double precision", "'-Infinity'", "FLOAT64", Double.NEGATIVE_INFINITY),
            new Sample("double precision", "1e-300", "FLOAT64", 1e-300),
            new Sample("numeric(20,5)", "-123456789012345.12345", DECIMAL, new BigDecimal("-123456789012345.12345")),
            new Sample("numeric(10)", "42", DECIMAL, new BigDecimal("42")),
            new Sample("numeric(10,2)", "'NaN'", DECIMAL, null),
            new Sample(
                    "numeric",
                    "1234567890123456789.0123456789",
                    "io.debezium.data.VariableScaleDecimal",
                    "10:12345678901234567890123456789"),
            new Sample("money", "'12.34'", DECIMAL, new BigDecimal("12.34")),
            new Sample("char(5)", "'ab'", "STRING", "ab   "),
            new Sample("varchar(20)", "E'\\u00e9\\'\"\\\\'", "STRING", "é'\"\\"),
            new Sample("text", "E'tab\\tnl\\n\\U0001F381'", "STRING", "tab\tnl\n🎁"),
            new Sample("text", "''", "STRING", ""),
            new Sample("bytea", "'\\x00ff10'", "BYTES", ByteBuffer.wrap(new byte[] {0, -1, 16})),
            new Sample("date", "'2024-02-29'", DATE, 19_782),
            new Sample("date", "'9999-12-31'", DATE, 2_932_896),
            new Sample("date", "'infinity'", DATE, Integer.MAX_VALUE),
            new Sample("date", "'-infinity'", DATE, -Integer.MAX_VALUE),
            new Sample("time", "'23:59:59.999999'", "io.debezium.time.MicroTime", 86_399_999_999L),
            new Sample("timetz", "'12:00:00.123456+02'", "io.debezium.time.ZonedTime", "10:00:00.123456Z"),
            new Sample("timestamp", "'2024-02-29 23:59:59.123456'", TIMESTAMP, 1_709_251_199_123_456L),
            new Sample("timestamp(3)", "'1969-12-31 23:59:59.999'", TIMESTAMP, -1_000L),
            new Sample("timestamp", "'0044-03-15 00:00:00 BC'", TIMESTAMP, -63_517_824_000_000_000L),
            new Sample("timestamp", "'infinity'", TIMESTAMP, 9_223_372_036_825_200_000L),
            new Sample("timestamp", "'-infinity'", TIMESTAMP, -9_223_372_036_832_400_000L),
            new Sample("timestamptz", "'2024-02-29 23:59:59.123456+05:30'", ZONED, "2024-02-29T18:29:59.123456Z"),
            new Sample("timestamptz", "'infinity'", ZONED, "infinity"),
            new Sample(
                    "interval",
                    "'1 year -2 months 3 days -04:05:06.789012'",
                    "io.debezium.time.Interval",
                    "P0Y10M3DT-4H-5M-6.789012S"),
            new Sample(
                    "uuid",
                    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                    "io.debezium.data.Uuid",
                    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            new Sample("json", "'{\"a\": [1, null]}'", "io.debezium.data.Json", "{\"a\": [1, null]}"),
            new Sample("jsonb", "'{\"b\":1}'", "io.debezium.data.Json", "{\"b\": 1}"),
            new Sample("xml", "'<a>x</a>'", "io.debezium.data.Xml", "<a>x</a>"),
            new Sample("inet", "'192.168.0.1/24'", "STRING", "192.168.0.1/24"),
            new Sample("bit(1)", "B'1'", "BOOLEAN", true),
            new Sample("mood", "'ok'", "io.debezium.data.Enum", "ok"),
            new Sample("positive", "7", "INT32", 7),
            new Sample("pair", "ROW(1, 'x')", "BYTES", ByteBuffer.wrap("(1,x)".getBytes(StandardCharsets.UTF_8))),
            new Sample("int[]", "'{1,NULL,3}'", "ARRAY", Arrays.asList(1, null, 3)),
            new Sample("text[]", "ARRAY['a','b\"c',NULL]", "ARRAY", Arrays.asList("a", "b\"c", null)),
            new Sample("numeric(10,2)[]", "'{1.10}'", "ARRAY", List.of(new BigDecimal("1.10"))),
            new Sample("int4range", "'[1,5)'", "STRING", "[1,5)"),
            new Sample("oid", "4294967295", "INT64", 4_294_967_295L));

    private final Database database = Databases.create();

    @Test
    void valuesComeOutTheSameFromSnapshotAndStream() {
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE TABLE t (id int PRIMARY KEY)");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < SAMPLES.size(); i++) {
            database.execute("ALTER TABLE t ADD c" + i + " " + SAMPLES.get(i).type());
            values.add(SAMPLES.get(i).sql());
        }
        String row = String.join(", ", values);
        database.execute("INSERT INTO t VALUES (1, " + row + ")", "INSERT INTO t VALUES (2)");
        try (Capture capture = new Capture(database.config()).start()) {
            capture.await(2);
            database.execute("INSERT INTO t VALUES (3, " + row + ")", "INSERT INTO t VALUES (4)");
            Map<Object, Struct> rows = byId(capture.await(4));
            for (int i = 0; i < SAMPLES.size(); i++) {
                assertSample(SAMPLES.get(i), "c" + i, rows);
            }
        }
    }

    private static void assertSample(Sample sample, String column, Map<Object, Struct> rows) {
        for (int id = 1; id <= 4; id++) {
            Struct row = Objects.requireNonNull(rows.get(id));
            Schema schema = row.schema().field(column).schema();
            assertThat(schema.name() == null ? schema.type().name() : schema.name())
                    .as("schema of %s in row %d", sample, id)
                    .isEqualTo(sample.schema());
            assertThat(plain(row.get(column)))
                    .as("value of %s in row %d", sample, id)
                    .isEqualTo(id % 2 == 1 ? sample.value() : null);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value instanceof Struct decimal
                ? decimal.getInt32("scale") + ":" + new BigInteger(decimal.getBytes("value"))
                : value;
    }

    private static Map<Object, Struct> byId(List<SourceRecord> records) {
        Map<Object, Struct> rows = new HashMap<>();
        records.forEach(record -> rows.put(((Struct) record.key()).get("id"), (Struct) record.value()));
        return rows;
    }
}
