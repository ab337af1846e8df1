package io.millrace.connect.record.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one schema as Kafka's JsonConverter does. Only what is written as that converter writes it; for
 * anything else, and for a null that may stand for a default, {@link Unusual} is thrown.
 */
@FunctionalInterface
interface ValueReader {

    /** Reads the value whose first token is the parser's current one, which it leaves at the value's last. */
    @Nullable
    Object read(JsonParser in) throws IOException;

    /** Null for a schema whose values are left to Kafka's converter. */
    static @Nullable ValueReader of(Schema schema) {
        ValueReader reader = schema.name() == null ? null : logical(schema);
        if (reader == null) {
            reader = plain(schema);
        }
        if (reader == null || schema.defaultValue() != null) {
            return reader;
        }
        ValueReader present = reader;
        return schema.isOptional() ? in -> in.hasToken(JsonToken.VALUE_NULL) ? null : present.read(in) : present;
    }

    private static @Nullable ValueReader logical(Schema schema) {
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME -> in -> Decimal.toLogical(schema, bytes(in));
            case Date.LOGICAL_NAME -> in -> Date.toLogical(schema, integer(in));
            case Time.LOGICAL_NAME -> in -> Time.toLogical(schema, integer(in));
            case Timestamp.LOGICAL_NAME -> in -> Timestamp.toLogical(schema, wide(in));
            default -> null;
        };
    }

    private static @Nullable ValueReader plain(Schema schema) {
        return switch (schema.type()) {
            case INT8 -> in -> (byte) integer(in);
            case INT16 -> in -> (short) integer(in);
            case INT32 -> ValueReader::integer;
            case INT64 -> ValueReader::wide;
            case FLOAT32 -> ValueReader::single;
            case FLOAT64 -> ValueReader::fraction;
            case BOOLEAN -> ValueReader::truth;
            case STRING -> ValueReader::text;
            case BYTES -> ValueReader::bytes;
            case ARRAY -> array(schema);
            case MAP -> map(schema);
            case STRUCT -> struct(schema);
        };
    }

    private static void require(JsonParser in, JsonToken token) throws Unusual {
        if (!in.hasToken(token)) {
            throw new Unusual();
        }
    }

    private static int integer(JsonParser in) throws IOException {
        require(in, JsonToken.VALUE_NUMBER_INT);
        if (in.getNumberType() != JsonParser.NumberType.INT) {
            throw new Unusual();
        }
        return in.getIntValue();
    }

    private static long wide(JsonParser in) throws IOException {
        require(in, JsonToken.VALUE_NUMBER_INT);
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new Unusual();
        }
        return in.getLongValue();
    }

    /** Kafka's converter comes here by way of a decimal number, which has no zero below zero and no end. */
    private static double fraction(JsonParser in) throws IOException {
        require(in, JsonToken.VALUE_NUMBER_FLOAT);
        double value = in.getDoubleValue();
        if (Double.isInfinite(value) || (value == 0 && 1 / value < 0)) {
            throw new Unusual();
        }
        return value;
    }

    private static float single(JsonParser in) throws IOException {
        require(in, JsonToken.VALUE_NUMBER_FLOAT);
        float value = in.getFloatValue();
        if (Float.isInfinite(value) || (value == 0 && 1 / value < 0)) {
            throw new Unusual();
        }
        return value;
    }

    private static boolean truth(JsonParser in) throws Unusual {
        if (in.hasToken(JsonToken.VALUE_TRUE)) {
            return true;
        }
        require(in, JsonToken.VALUE_FALSE);
        return false;
    }

    private static String text(JsonParser in) throws IOException {
        require(in, JsonToken.VALUE_STRING);
        return in.getText();
    }

    private static byte[] bytes(JsonParser in) throws IOException {
        require(in, JsonToken.VALUE_STRING);
        return in.getBinaryValue();
    }

    private static @Nullable ValueReader array(Schema schema) {
        ValueReader elements = of(schema.valueSchema());
        return elements == null
                ? null
                : in -> {
                    require(in, JsonToken.START_ARRAY);
                    List<@Nullable Object> values = new ArrayList<>();
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        values.add(elements.read(in));
                    }
                    return values;
                };
    }

    private static @Nullable ValueReader map(Schema schema) {
        ValueReader values = of(schema.valueSchema());
        return values == null || schema.keySchema().type() != Schema.Type.STRING
                ? null
                : in -> {
                    require(in, JsonToken.START_OBJECT);
                    Map<String, @Nullable Object> map = new HashMap<>();
                    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
                        in.nextToken();
                        map.put(key, values.read(in));
                    }
                    return map;
                };
    }

    private static @Nullable ValueReader struct(Schema schema) {
        List<Field> fields = schema.fields();
        List<ValueReader> readers = new ArrayList<>();
        for (Field field : fields) {
            ValueReader reader = of(field.schema());
            if (reader == null) {
                return null;
            }
            readers.add(reader);
        }
        return in -> {
            require(in, JsonToken.START_OBJECT);
            Struct struct = new Struct(schema.schema());
            for (int i = 0; i < fields.size(); i++) {
                // All fields stand there, in the order of the schema, as they are written.
                Field field = fields.get(i);
                if (!field.name().equals(in.nextFieldName())) {
                    throw new Unusual();
                }
                in.nextToken();
                struct.put(field, readers.get(i).read(in));
            }
            if (in.nextToken() != JsonToken.END_OBJECT) {
                throw new Unusual();
            }
            return struct;
        };
    }
}
