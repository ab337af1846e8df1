package io.millrace.connector.tables;

import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** What a record does to a table. */
final class Change {

    private final SinkRecord record;
    private final @Nullable RowShape shape;
    private final boolean delete;
    private final @Nullable Object[] row;

    Change(SinkRecord record, @Nullable RowShape shape, boolean delete, @Nullable Object[] row) {
        this.record = record;
        this.shape = shape;
        this.delete = delete;
        this.row = row;
    }

    /** A record that only moves the offset. */
    static Change none(SinkRecord record) {
        return new Change(record, null, false, new @Nullable Object[0]);
    }

    /** Where the change comes from. */
    SinkRecord record() {
        return record;
    }

    /** The columns, or null for a record that only moves the offset. */
    @Nullable
    RowShape shape() {
        return shape;
    }

    RowShape requiredShape() {
        return Objects.requireNonNull(shape);
    }

    /** Whether the row goes away. */
    boolean delete() {
        return delete;
    }

    /** The values, in the order of the shape's columns; empty when there is no shape. */
    @Nullable
    Object[] row() {
        return row;
    }

    /** The partition as the log knows it, whatever a transform made of the record's topic. */
    static TopicPartition partition(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }
}
