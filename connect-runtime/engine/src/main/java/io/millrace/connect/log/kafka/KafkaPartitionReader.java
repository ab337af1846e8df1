package io.millrace.connect.log.kafka;

import io.millrace.connect.log.PartitionReader;
import io.millrace.connect.log.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Reads through a consumer of its own, which has no group. */
final class KafkaPartitionReader implements PartitionReader {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;

    KafkaPartitionReader(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> from) {
        this.consumer = consumer;
        consumer.assign(from.keySet());
        from.forEach(consumer::seek);
    }

    @Override
    public List<StoredRecord> poll(Duration timeout) {
        try {
            return KafkaGroupReader.converted(consumer.poll(timeout));
        } catch (WakeupException e) {
            return List.of();
        } catch (KafkaException e) {
            throw Answers.failure("read", e);
        }
    }

    @Override
    public long position(TopicPartition partition) {
        return KafkaGroupReader.asked("find the position of " + partition, () -> consumer.position(partition));
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (KafkaException e) {
            throw Answers.failure("end reading", e);
        }
    }
}
