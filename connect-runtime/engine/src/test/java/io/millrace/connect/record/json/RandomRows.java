package io.millrace.connect.record.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** Schemas of every kind and rows that go with them, all from one seed. */
final class RandomRows {

    private static final int DAY_MS = 86_400_000;

    private final Random random;

    RandomRows(long seed) {
        this.random = new Random(seed);
    }

    /** A table with each kind of column, some optional, some with a default. */
    Schema table(String name) {
        SchemaBuilder table = SchemaBuilder.struct().name(name).version(3).doc("a \"table\"");
        List<Schema.Type> types = List.of(Schema.Type.values());
        for (int i = 0; i < 24; i++) {
            table.field("c" + i + "é", column(types.get(i % types.size()), 2));
        }
        table.field("price", optional(Decimal.builder(2)));
        table.field("day", optional(Date.builder()));
        table.field("hour", optional(Time.builder()));
        table.field("moment", optional(Timestamp.builder()));
        table.field("named", optional(SchemaBuilder.int64().name("io.debezium.time.MicroTimestamp")));
        table.field("amount", SchemaBuilder.int32().optional().defaultValue(7).build());
        return table.build();
    }

    private Schema column(Schema.Type type, int depth) {
        return switch (type) {
            case ARRAY -> optional(SchemaBuilder.array(inner(depth)));
            case MAP -> optional(SchemaBuilder.map(Schema.STRING_SCHEMA, inner(depth)));
            case STRUCT ->
                optional(SchemaBuilder.struct().field("a", inner(depth)).field("b", inner(depth)));
            default -> optional(SchemaBuilder.type(type));
        };
    }

    private Schema inner(int depth) {
        List<Schema.Type> types = List.of(Schema.Type.values());
        Schema.Type type = types.get(random.nextInt(types.size()));
        return depth == 0 ? optional(SchemaBuilder.string()) : column(type, depth - 1);
    }

    private Schema optional(SchemaBuilder builder) {
        return random.nextBoolean() ? builder.optional().build() : builder.build();
    }

    @Nullable
    Object value(Schema schema) {
        if (schema.isOptional() && random.nextInt(4) == 0) {
            return null;
        }
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME -> new BigDecimal(new BigInteger(70, random), 2);
            case Date.LOGICAL_NAME -> at((long) DAY_MS * random.nextInt(30_000));
            case Time.LOGICAL_NAME -> at(random.nextInt(DAY_MS));
            case Timestamp.LOGICAL_NAME -> at(random.nextLong() >> 16);
            case null, default -> plain(schema);
        };
    }

    private static java.util.Date at(long epochMs) {
        return java.util.Date.from(Instant.ofEpochMilli(epochMs));
    }

    private Object plain(Schema schema) {
        return switch (schema.type()) {
            case INT8 -> (byte) random.nextInt();
            case INT16 -> (short) random.nextInt();
            case INT32 -> random.nextInt();
            case INT64 -> random.nextInt(2) == 0 ? random.nextLong() : random.nextInt(100);
            case FLOAT32 -> Float.intBitsToFloat(random.nextInt());
            case FLOAT64 -> Double.longBitsToDouble(random.nextLong());
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTES -> bytes();
            case ARRAY -> list(schema.valueSchema());
            case MAP -> map(schema.valueSchema());
            case STRUCT -> row(schema);
        };
    }

    private String text() {
        String letters = "ab \"\\\n\u0001/é€𝄞";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, random.nextInt(10))));
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<@Nullable Object> list(Schema elements) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(value(elements));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(Schema values) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(text(), value(values));
        }
        return map;
    }

    Struct row(Schema schema) {
        Struct row = new Struct(schema);
        for (Field field : schema.fields()) {
            row.put(field, value(field.schema()));
        }
        return row;
    }
}
