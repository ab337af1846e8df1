package io.millrace.bench.plugin;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** The forms in which the source gives its records. */
public enum Form {
    STRUCT,
    MAP,
    BYTES;

    private static final Schema SCHEMA = SchemaBuilder.struct()
            .name("bench.Order")
            .field("id", Schema.INT64_SCHEMA)
            .field("customer", Schema.INT32_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("name", Schema.STRING_SCHEMA)
            .field("email", Schema.OPTIONAL_STRING_SCHEMA)
            .field("address", Schema.OPTIONAL_STRING_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Schema.FLOAT64_SCHEMA)
            .field("paid", Schema.BOOLEAN_SCHEMA)
            .field("created", Schema.INT64_SCHEMA)
            .build();

    /** The key of a record with these columns. */
    SchemaAndValue key(Map<String, Object> columns) {
        Object id = columns.get("id");
        return switch (this) {
            case STRUCT -> new SchemaAndValue(Schema.INT64_SCHEMA, id);
            case MAP -> new SchemaAndValue(null, id);
            case BYTES -> new SchemaAndValue(Schema.BYTES_SCHEMA, bytes(String.valueOf(id)));
        };
    }

    /** The value of a record with these columns. */
    SchemaAndValue value(Map<String, Object> columns) {
        return switch (this) {
            case STRUCT -> new SchemaAndValue(SCHEMA, struct(columns));
            case MAP -> new SchemaAndValue(null, columns);
            case BYTES -> new SchemaAndValue(Schema.BYTES_SCHEMA, bytes(text(columns)));
        };
    }

    private static Struct struct(Map<String, Object> columns) {
        Struct struct = new Struct(SCHEMA);
        columns.forEach(struct::put);
        return struct;
    }

    private static String text(Map<String, Object> columns) {
        return columns.values().stream().map(String::valueOf).collect(Collectors.joining("\t"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
