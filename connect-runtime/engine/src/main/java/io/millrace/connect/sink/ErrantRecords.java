package io.millrace.connect.sink;

import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.RecordFailure;
import io.millrace.connect.record.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records that a sink itself finds it cannot store (KIP-610), and does with them what the config says of any
 * record that cannot be handled.
 *
 * <p>Keeps the bytes of the last {@value #KEPT_MAX} records read, so that a letter holds what stood in the log. A
 * record that was reported later than that is encoded again from what the sink was given.
 *
 * <p><b>Threads.</b> Any: a sink may report from threads of its own.
 */
public final class ErrantRecords implements ErrantRecordReporter {

    private static final int KEPT_MAX = 20_000;

    private final ErrorTolerance<StoredRecord> errors;
    private final Converters converters;
    private final Class<?> sink;
    private final Map<Position, StoredRecord> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, StoredRecord> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /** Where a record stands in the log. */
    private record Position(TopicPartition partition, long offset) {}

    /**
     * @param sink the class that reports
     */
    public ErrantRecords(ErrorTolerance<StoredRecord> errors, Converters converters, Class<?> sink) {
        this.errors = errors;
        this.converters = converters;
        this.sink = sink;
    }

    /** Keeps the bytes of a record for as long as there is room. */
    synchronized void keep(StoredRecord record) {
        kept.put(new Position(record.partition(), record.offset()), record);
    }

    @Override
    public synchronized Future<Void> report(SinkRecord record, Throwable error) {
        TopicPartition partition = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
        Position position = new Position(partition, record.originalKafkaOffset());
        @Nullable StoredRecord original = kept.get(position);
        Attempt<StoredRecord> attempt = new Attempt<>(
                original == null ? encoded(partition, record) : original, () -> partition + "@" + position.offset());
        errors.giveUp(attempt, new RecordFailure(Stage.TASK_PUT, sink, error));
        return CompletableFuture.completedFuture(null);
    }

    private StoredRecord encoded(TopicPartition partition, SinkRecord record) {
        String topic = record.topic();
        byte[] key = converters.key().fromConnectData(topic, record.keySchema(), record.key());
        byte[] value = converters.value().fromConnectData(topic, record.valueSchema(), record.value());
        return new StoredRecord(
                partition,
                record.originalKafkaOffset(),
                record.timestamp() == null ? -1 : record.timestamp(),
                record.timestampType(),
                new Payload(key, value, converters.toBytes(topic, record.headers())));
    }
}
