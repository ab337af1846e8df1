package io.millrace.connector.tables;

import io.millrace.connector.tables.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one Connect schema become column values, nothing lost: Connect's own types, and the semantic types
 * that Debezium names in its schemas ({@code io.debezium.time.*}, {@code io.debezium.data.*}).
 *
 * @param type the column's type
 * @param convert takes a value that is not null and gives the form {@link Kind} names; throws {@link DataException},
 *     {@link ArithmeticException}, {@link ClassCastException} or {@link java.time.DateTimeException} for a value that
 *     is not what its schema says
 */
record FieldCodec(ColumnType type, Function<Object, Object> convert) {

    private static final String PRECISION = "connect.decimal.precision";
    private static final String BITS_LENGTH = "length";
    private static final int MILLIS = 3;
    private static final int MICROS = 6;

    static FieldCodec of(Schema schema) {
        FieldCodec semantic = schema.name() == null ? null : named(schema, schema.name());
        return semantic == null ? plain(schema) : semantic;
    }

    private static @Nullable FieldCodec named(Schema schema, String name) {
        return switch (name) {
            case Decimal.LOGICAL_NAME -> decimal(schema);
            case "io.debezium.data.VariableScaleDecimal" ->
                new FieldCodec(ColumnType.decimal(0, ColumnType.ANY_SCALE), FieldCodec::variableScale);
            case "io.debezium.data.Uuid" -> codec(Kind.UUID, value -> UUID.fromString((String) value));
            case "io.debezium.data.Json" -> codec(Kind.JSON, String.class::cast);
            case "io.debezium.data.Bits" -> bits(schema);
            case "io.debezium.time.Interval" -> codec(Kind.INTERVAL, String.class::cast);
            default -> temporal(name);
        };
    }

    private static @Nullable FieldCodec temporal(String name) {
        return switch (name) {
            case Date.LOGICAL_NAME -> codec(Kind.DATE, value -> Temporals.day((java.util.Date) value));
            case Time.LOGICAL_NAME -> time(Kind.TIME, MILLIS, value -> Temporals.microsOf((java.util.Date) value));
            case Timestamp.LOGICAL_NAME ->
                time(Kind.TIMESTAMP, MILLIS, value -> Temporals.microsOf((java.util.Date) value));
            case "io.debezium.time.Date" -> codec(Kind.DATE, value -> Temporals.day((Integer) value));
            case "io.debezium.time.Time" -> time(Kind.TIME, MILLIS, Temporals::microsOfMillis);
            case "io.debezium.time.MicroTime" -> time(Kind.TIME, MICROS, Long.class::cast);
            case "io.debezium.time.Timestamp" ->
                time(Kind.TIMESTAMP, MILLIS, value -> Temporals.instant(Temporals.microsOfMillis(value)));
            case "io.debezium.time.MicroTimestamp" ->
                time(Kind.TIMESTAMP, MICROS, value -> Temporals.instant((Long) value));
            case "io.debezium.time.NanoTimestamp" -> codec(Kind.TIMESTAMP_NANOS, Long.class::cast);
            case "io.debezium.time.ZonedTimestamp" ->
                time(Kind.TIMESTAMP_TZ, MICROS, value -> Temporals.zoned((String) value));
            case "io.debezium.time.ZonedTime" -> time(Kind.TIME_TZ, MICROS, value -> OffsetTime.parse((String) value));
            default -> null;
        };
    }

    private static FieldCodec plain(Schema schema) {
        return switch (schema.type()) {
            case BOOLEAN -> codec(Kind.BOOLEAN, Boolean.class::cast);
            case INT8 -> codec(Kind.INT8, Byte.class::cast);
            case INT16 -> codec(Kind.INT16, Short.class::cast);
            case INT32 -> codec(Kind.INT32, Integer.class::cast);
            case INT64 -> codec(Kind.INT64, Long.class::cast);
            case FLOAT32 -> codec(Kind.FLOAT32, Float.class::cast);
            case FLOAT64 -> codec(Kind.FLOAT64, Double.class::cast);
            case STRING -> codec(Kind.TEXT, String.class::cast);
            case BYTES -> codec(Kind.BYTES, FieldCodec::bytes);
            case ARRAY -> array(schema);
            case MAP, STRUCT -> codec(Kind.JSON, JsonText::of);
        };
    }

    private static FieldCodec codec(Kind kind, Function<Object, Object> convert) {
        return new FieldCodec(ColumnType.of(kind), convert);
    }

    private static FieldCodec time(Kind kind, int digits, Function<Object, Object> convert) {
        return new FieldCodec(ColumnType.time(kind, digits), convert);
    }

    private static FieldCodec decimal(Schema schema) {
        int scale = Integer.parseInt(schema.parameters().getOrDefault(Decimal.SCALE_FIELD, "0"));
        int precision = Integer.parseInt(schema.parameters().getOrDefault(PRECISION, "0"));
        return new FieldCodec(ColumnType.decimal(precision, scale), BigDecimal.class::cast);
    }

    private static BigDecimal variableScale(Object value) {
        Struct struct = (Struct) value;
        return new BigDecimal(new BigInteger(struct.getBytes("value")), struct.getInt32("scale"));
    }

    /** Arrays of scalars are arrays of the database; nested and structured ones are kept as JSON. */
    private static FieldCodec array(Schema schema) {
        FieldCodec element = of(schema.valueSchema());
        if (element.type.kind() == Kind.ARRAY || element.type.kind() == Kind.JSON) {
            return codec(Kind.JSON, JsonText::of);
        }
        return new FieldCodec(ColumnType.array(element.type), value -> elements((List<?>) value, element));
    }

    private static List<@Nullable Object> elements(List<?> values, FieldCodec element) {
        List<@Nullable Object> converted = new ArrayList<>(values.size());
        for (Object value : values) {
            converted.add(value == null ? null : element.convert.apply(value));
        }
        return converted;
    }

    static byte[] bytes(Object value) {
        if (value instanceof byte[] array) {
            return array;
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    /** Debezium sends bits as little-endian bytes and says in the schema how many there are. */
    private static FieldCodec bits(Schema schema) {
        int length = schema.parameters() == null
                ? 0
                : Integer.parseInt(schema.parameters().getOrDefault(BITS_LENGTH, "0"));
        return codec(Kind.BITS, value -> bitText(bytes(value), length));
    }

    private static String bitText(byte[] littleEndian, int length) {
        int count = length > 0 ? length : littleEndian.length * Byte.SIZE;
        StringBuilder text = new StringBuilder(count);
        for (int bit = count - 1; bit >= 0; bit--) {
            int index = bit / Byte.SIZE;
            boolean set = index < littleEndian.length && (littleEndian[index] >> (bit % Byte.SIZE) & 1) == 1;
            text.append(set ? '1' : '0');
        }
        return text.toString();
    }
}
