package io.millrace.connect.plugin;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where a sink's record came from, as {@link KafkaSinkRecord} tells it; plugins know it as Kafka Connect's {@code
 * ProcessingContext}.
 */
public final class KafkaRecordContext {

    /** The name of Kafka Connect's own. */
    static final String SHOWN_NAME = "org.apache.kafka.connect.runtime.errors.ProcessingContext";

    private final SinkRecord record;

    public KafkaRecordContext(SinkRecord record) {
        this.record = record;
    }

    /** Topic, partition and offset in the log; without the bytes. */
    public Object original() {
        return new ConsumerRecord<byte @Nullable [], byte @Nullable []>(
                record.originalTopic(), record.originalKafkaPartition(), record.originalKafkaOffset(), null, null);
    }
}
