package io.millrace.connector.s3;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Change log records of a small table. */
final class Rows {

    static final String TOPIC = "shop.orders";
    static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
    static final Schema ROW = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    static final Schema WIDER_ROW = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private Rows() {}

    static SinkRecord row(long offset) {
        return row(0, offset);
    }

    static SinkRecord row(int partition, long offset) {
        return record(partition, offset, ROW, new Struct(ROW).put("id", offset).put("name", "row " + offset));
    }

    static SinkRecord widerRow(int partition, long offset) {
        Struct row = new Struct(WIDER_ROW)
                .put("id", offset)
                .put("name", "row " + offset)
                .put("note", "wide");
        return record(partition, offset, WIDER_ROW, row);
    }

    /** One row in eight is wider, one is a delete. */
    static SinkRecord any(int partition, long offset, int choice) {
        return switch (choice) {
            case 0 -> widerRow(partition, offset);
            case 1 -> record(partition, offset, null, null);
            default -> row(partition, offset);
        };
    }

    /** The row of {@code id} is deleted. */
    static SinkRecord tombstone(long offset, long id) {
        return new SinkRecord(
                TOPIC, 0, KEY, new Struct(KEY).put("id", id), null, null, offset, offset, TimestampType.CREATE_TIME);
    }

    static SinkRecord record(int partition, long offset, @Nullable Schema schema, @Nullable Object value) {
        return new SinkRecord(
                TOPIC,
                partition,
                KEY,
                new Struct(KEY).put("id", offset),
                schema,
                value,
                offset,
                offset,
                TimestampType.CREATE_TIME);
    }

    static List<SinkRecord> rows(long from, long to) {
        return rows(0, from, to);
    }

    /** Rows of the offsets from {@code from} up to before {@code to}. */
    static List<SinkRecord> rows(int partition, long from, long to) {
        List<SinkRecord> rows = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            rows.add(row(partition, offset));
        }
        return rows;
    }
}
