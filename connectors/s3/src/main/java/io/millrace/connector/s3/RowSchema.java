package io.millrace.connector.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one file: those of the row, key columns that the row lacks, and what the log knows of the record.
 *
 * @param key the schema of the keys in the file, null for none
 * @param value the schema of the values in the file; null when they have none, or when it is not known yet because
 *     only tombstones came
 * @param columns in the order of the file
 */
record RowSchema(@Nullable Schema key, @Nullable Schema value, List<Column> columns) {

    static final String PARTITION = "__partition";
    static final String OFFSET = "__offset";
    static final String TIMESTAMP = "__timestamp";
    static final String DELETED = "__deleted";

    private static final List<Column> METADATA = List.of(
            new Column(PARTITION, Schema.INT32_SCHEMA, SinkRecord::originalKafkaPartition),
            new Column(OFFSET, Schema.INT64_SCHEMA, SinkRecord::originalKafkaOffset),
            new Column(
                    TIMESTAMP,
                    SchemaBuilder.int64()
                            .name(Semantic.INSTANT_MILLIS_NAME)
                            .optional()
                            .build(),
                    SinkRecord::timestamp),
            new Column(DELETED, Schema.BOOLEAN_SCHEMA, record -> record.value() == null));

    /**
     * @param get null for a column that this record has no value for
     */
    record Column(String name, Schema schema, Function<SinkRecord, @Nullable Object> get) {}

    /**
     * The schema of a file that begins with {@code record}.
     *
     * @param before the value schema of the records before, for a tombstone to have the columns of its table
     * @throws DataException when the record is not a row
     */
    static RowSchema of(SinkRecord record, @Nullable Schema before, boolean metadata) {
        Schema value = record.value() == null ? before : record.valueSchema();
        List<Column> columns = new ArrayList<>();
        if (value != null) {
            if (value.type() != Schema.Type.STRUCT) {
                throw new DataException(
                        "The value is a " + value.type() + ", not a row: a Struct with fields is needed");
            }
            value.fields().forEach(field -> columns.add(ofRow(field, record.keySchema())));
        }
        if (isStruct(record.keySchema())) {
            record.keySchema().fields().stream()
                    .filter(field -> value == null || value.field(field.name()) == null)
                    .forEach(field -> columns.add(ofKey(field)));
        }
        if (metadata) {
            columns.forEach(RowSchema::requireNoMetadataName);
            columns.addAll(METADATA);
        }
        return new RowSchema(record.keySchema(), value, List.copyOf(columns));
    }

    /** Whether {@code record} has these columns. */
    boolean fits(SinkRecord record) {
        return Objects.equals(key, record.keySchema())
                && (record.value() == null || Objects.equals(value, record.valueSchema()));
    }

    private static Column ofRow(Field field, @Nullable Schema key) {
        Field inKey = key != null && key.type() == Schema.Type.STRUCT ? key.field(field.name()) : null;
        return new Column(field.name(), field.schema(), record -> {
            if (record.value() instanceof Struct row) {
                return row.get(field);
            }
            return inKey != null && record.key() instanceof Struct id ? id.get(inKey) : null;
        });
    }

    private static Column ofKey(Field field) {
        return new Column(
                field.name(), field.schema(), record -> record.key() instanceof Struct id ? id.get(field) : null);
    }

    private static boolean isStruct(@Nullable Schema schema) {
        return schema != null && schema.type() == Schema.Type.STRUCT;
    }

    private static void requireNoMetadataName(Column column) {
        if (METADATA.stream().anyMatch(known -> known.name().equals(column.name()))) {
            throw new DataException("The row has a field " + column.name()
                    + " of its own, which is the name of a metadata column: rename it, or set metadata.columns=false");
        }
    }
}
