package io.millrace.connect.record.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
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
 * Writes the values of one schema, byte for byte as Kafka's JsonConverter does. For what is not of the schema, and for
 * a null that may stand for a default, {@link Unusual} or a {@link RuntimeException} is thrown.
 */
@FunctionalInterface
interface ValueWriter {

    void write(JsonGenerator out, Object value) throws IOException;

    /** Null for a schema whose values are left to Kafka's converter. */
    static @Nullable ValueWriter of(Schema schema) {
        ValueWriter writer = schema.name() == null ? null : logical(schema);
        return writer == null ? plain(schema) : writer;
    }

    /**
     * Writes a value that is within another, and may be missing.
     *
     * @param nullable whether null is written as such
     */
    record Inner(ValueWriter present, boolean nullable) {

        static @Nullable Inner of(Schema schema) {
            ValueWriter present = ValueWriter.of(schema);
            return present == null ? null : new Inner(present, schema.isOptional() && schema.defaultValue() == null);
        }

        void write(JsonGenerator out, @Nullable Object value) throws IOException {
            if (value != null) {
                present.write(out, value);
            } else if (nullable) {
                out.writeNull();
            } else {
                throw new Unusual();
            }
        }
    }

    private static @Nullable ValueWriter logical(Schema schema) {
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME ->
                (out, value) -> out.writeBinary(Decimal.fromLogical(schema, (BigDecimal) value));
            case Date.LOGICAL_NAME -> (out, value) -> out.writeNumber(Date.fromLogical(schema, (java.util.Date) value));
            case Time.LOGICAL_NAME -> (out, value) -> out.writeNumber(Time.fromLogical(schema, (java.util.Date) value));
            case Timestamp.LOGICAL_NAME ->
                (out, value) -> out.writeNumber(Timestamp.fromLogical(schema, (java.util.Date) value));
            default -> null;
        };
    }

    private static @Nullable ValueWriter plain(Schema schema) {
        return switch (schema.type()) {
            case INT8 -> (out, value) -> out.writeNumber((Byte) value);
            case INT16 -> (out, value) -> out.writeNumber((Short) value);
            case INT32 -> (out, value) -> out.writeNumber((Integer) value);
            case INT64 -> (out, value) -> out.writeNumber((Long) value);
            case FLOAT32 -> (out, value) -> out.writeNumber((Float) value);
            case FLOAT64 -> (out, value) -> out.writeNumber((Double) value);
            case BOOLEAN -> (out, value) -> out.writeBoolean((Boolean) value);
            case STRING -> (out, value) -> out.writeString((String) value);
            case BYTES -> (out, value) -> out.writeBinary((byte[]) value);
            case ARRAY -> array(schema);
            case MAP -> map(schema);
            case STRUCT -> struct(schema);
        };
    }

    private static @Nullable ValueWriter array(Schema schema) {
        Inner elements = Inner.of(schema.valueSchema());
        return elements == null
                ? null
                : (out, value) -> {
                    out.writeStartArray();
                    for (Object element : (List<?>) value) {
                        elements.write(out, element);
                    }
                    out.writeEndArray();
                };
    }

    private static @Nullable ValueWriter map(Schema schema) {
        Inner values = Inner.of(schema.valueSchema());
        return values == null || schema.keySchema().type() != Schema.Type.STRING
                ? null
                : (out, value) -> {
                    out.writeStartObject();
                    for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                        if (entry.getKey() == null) {
                            throw new Unusual();
                        }
                        out.writeFieldName((String) entry.getKey());
                        values.write(out, entry.getValue());
                    }
                    out.writeEndObject();
                };
    }

    private static @Nullable ValueWriter struct(Schema schema) {
        List<Field> fields = schema.fields();
        List<Inner> writers = new ArrayList<>();
        for (Field field : fields) {
            Inner writer = Inner.of(field.schema());
            if (writer == null) {
                return null;
            }
            writers.add(writer);
        }
        return (out, value) -> {
            Struct struct = (Struct) value;
            if (!struct.schema().equals(schema)) {
                throw new Unusual();
            }
            out.writeStartObject();
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                out.writeFieldName(field.name());
                // A null that stands for a default is for Kafka's converter: its config says what becomes of it.
                boolean mayStandForDefault = field.schema().defaultValue() != null;
                writers.get(i)
                        .write(out, mayStandForDefault ? struct.getWithoutDefault(field.name()) : struct.get(field));
            }
            out.writeEndObject();
        };
    }
}
