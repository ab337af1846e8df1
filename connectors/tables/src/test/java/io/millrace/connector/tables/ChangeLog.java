package io.millrace.connector.tables;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** One partition of a topic with keyed changes; gives each record the next offset. */
public final class ChangeLog {

    public static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
    public static final Schema ROW = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Schema.OPTIONAL_INT32_SCHEMA)
            .build();

    private final String topic;
    private final int partition;
    private long next;

    public ChangeLog(String topic) {
        this(topic, 0);
    }

    public ChangeLog(String topic, int partition) {
        this(topic, partition, 0);
    }

    ChangeLog(String topic, int partition, long next) {
        this.topic = topic;
        this.partition = partition;
        this.next = next;
    }

    public TopicPartition partition() {
        return new TopicPartition(topic, partition);
    }

    public List<TopicPartition> partitions() {
        return List.of(partition());
    }

    /** The offset of the next record. */
    public long next() {
        return next;
    }

    public SinkRecord upsert(long id, @Nullable String name, @Nullable Integer amount) {
        Struct row = new Struct(ROW).put("id", id).put("name", name).put("amount", amount);
        return record(KEY, key(id), ROW, row);
    }

    public SinkRecord delete(long id) {
        return record(KEY, key(id), null, null);
    }

    /** A row of another schema with the usual key. */
    public SinkRecord row(long id, Struct row) {
        return record(KEY, key(id), row.schema(), row);
    }

    public SinkRecord record(
            @Nullable Schema keySchema, @Nullable Object key, @Nullable Schema valueSchema, @Nullable Object value) {
        return new SinkRecord(
                topic, partition, keySchema, key, valueSchema, value, next++, 0L, TimestampType.CREATE_TIME);
    }

    public static Struct key(long id) {
        return new Struct(KEY).put("id", id);
    }
}
