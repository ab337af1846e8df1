package io.millrace.connect.plugin;

import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as sinks of others see it. Debezium's sink asks it for the topic from which it came as only Kafka Connect's
 * own {@code InternalSinkRecord} can be asked, and tells by that which offsets are safe. A copy of this class under
 * that name is what an isolated plugin is given ({@link MovedClasses}).
 */
public final class KafkaSinkRecord extends SinkRecord {

    /** The name of Kafka Connect's own. */
    static final String SHOWN_NAME = "org.apache.kafka.connect.runtime.InternalSinkRecord";

    private final KafkaRecordContext context;

    /** The same record. */
    public KafkaSinkRecord(SinkRecord record) {
        super(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.kafkaOffset(),
                record.timestamp(),
                record.timestampType(),
                record.headers(),
                record.originalTopic(),
                record.originalKafkaPartition(),
                record.originalKafkaOffset());
        this.context = new KafkaRecordContext(record);
    }

    /** Where it came from. */
    public KafkaRecordContext context() {
        return context;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
