package io.millrace.connector.tables;

import io.millrace.connector.tables.RowShape.Source;
import io.millrace.connector.tables.TableSinkConfig.KeySource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Turns records into changes of rows. Remembers the last shape per topic, since neighbours share their schemas. */
final class RowMapper {

    private record Known(@Nullable Schema key, @Nullable Schema value, RowShape shape) {

        boolean fits(SinkRecord record) {
            return Objects.equals(key, record.keySchema()) && Objects.equals(value, record.valueSchema());
        }
    }

    private final TableSinkConfig config;
    private final Map<String, Known> upserts = new HashMap<>();
    private final Map<String, Known> deletes = new HashMap<>();

    RowMapper(TableSinkConfig config) {
        this.config = config;
    }

    /** The change a record asks for; throws {@link DataException} when the record cannot be a row. */
    Change change(SinkRecord record) {
        boolean delete = record.value() == null;
        if (delete && !config.deletes()) {
            return Change.none(record);
        }
        Map<String, Known> shapes = delete ? deletes : upserts;
        Known known = shapes.get(record.topic());
        if (known == null || !known.fits(record)) {
            known = new Known(record.keySchema(), record.valueSchema(), shape(record, delete));
            shapes.put(record.topic(), known);
        }
        return new Change(record, known.shape(), delete, known.shape().row(record));
    }

    private RowShape shape(SinkRecord record, boolean delete) {
        Map<String, Source> keys = config.keySource() == KeySource.RECORD_KEY ? keySources(record) : Map.of();
        Map<String, Source> sources = new LinkedHashMap<>(keys);
        List<String> keyNames = new ArrayList<>(keys.keySet());
        if (config.keySource() == KeySource.RECORD_VALUE) {
            keyNames.addAll(config.keyFields());
            keyNames.forEach(name -> sources.put(name, valueSource(record, name)));
        }
        if (!delete) {
            for (Field field : rowSchema(record).fields()) {
                sources.putIfAbsent(field.name(), new Source(false, field.name(), FieldCodec.of(field.schema())));
            }
        }
        List<Column> columns = new ArrayList<>();
        sources.forEach(
                (name, source) -> columns.add(new Column(name, source.codec().type(), keyNames.contains(name))));
        return new RowShape(
                config.table(record.topic()),
                columns,
                List.copyOf(sources.values()),
                config.getString(TableSinkConfig.UNAVAILABLE_VALUE));
    }

    private Map<String, Source> keySources(SinkRecord record) {
        Schema schema = record.keySchema();
        if (schema == null || record.key() == null) {
            throw new DataException("the record has no key with a schema, and the key names the row:" + " set "
                    + TableSinkConfig.PK_MODE + ", or give the topic keys");
        }
        Map<String, Source> sources = new LinkedHashMap<>();
        List<String> names = config.keyFields();
        if (schema.type() != Schema.Type.STRUCT) {
            if (names.size() != 1) {
                throw new DataException(
                        "the key is one value without a name: name its column in " + TableSinkConfig.PK_FIELDS);
            }
            sources.put(names.getFirst(), new Source(true, null, FieldCodec.of(schema)));
            return sources;
        }
        if (names.isEmpty()) {
            names = schema.fields().stream().map(Field::name).toList();
        }
        for (String name : names) {
            sources.put(
                    name,
                    new Source(
                            true, name, FieldCodec.of(field(schema, name, "key").schema())));
        }
        return sources;
    }

    private Source valueSource(SinkRecord record, String name) {
        return new Source(
                false,
                name,
                FieldCodec.of(field(rowSchema(record), name, "value").schema()));
    }

    private static Field field(Schema schema, String name, String part) {
        Field field = schema.field(name);
        if (field == null) {
            throw new DataException("the record's " + part + " has no field '" + name + "', which "
                    + TableSinkConfig.PK_FIELDS + " names");
        }
        return field;
    }

    private static Schema rowSchema(SinkRecord record) {
        Schema schema = record.valueSchema();
        if (schema == null || schema.type() != Schema.Type.STRUCT) {
            throw new DataException("the value is not a struct with a schema: use a converter that carries schemas"
                    + " (Avro, or JSON with schemas.enable=true)");
        }
        if (schema.field("op") != null && schema.field("after") != null && schema.field("before") != null) {
            throw new DataException("the value is a change envelope, not a row: unwrap it with the transform"
                    + " io.debezium.transforms.ExtractNewRecordState");
        }
        return schema;
    }
}
