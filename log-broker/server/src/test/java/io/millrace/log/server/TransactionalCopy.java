package io.millrace.log.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * An application that copies a topic of two partitions to another exactly once, as Kafka's clients are to be used.
 *
 * @param name of its group, and its transactional id
 */
record TransactionalCopy(HostPort address, String from, String to, String name) {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration AT_ONCE = Duration.ZERO;

    /** How a transaction ends. */
    enum Ending {
        COMMIT,
        ABORT,
        /** The application goes down, and leaves it open. */
        ABANDON
    }

    /**
     * One life of the application.
     *
     * @return whether all is copied; else it must live again
     */
    boolean live(int total, Supplier<Ending> endings) {
        KafkaProducer<String, String> producer = producer();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            producer.initTransactions();
            consumer.subscribe(List.of(from));
            Ending last = Ending.COMMIT;
            while (last != Ending.ABANDON && committed(consumer) < total) {
                last = step(consumer, producer, endings);
            }
            return last != Ending.ABANDON;
        } catch (KafkaException failure) {
            return false;
        } finally {
            producer.close(AT_ONCE);
        }
    }

    private Ending step(
            KafkaConsumer<String, String> consumer, KafkaProducer<String, String> producer, Supplier<Ending> endings) {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return Ending.COMMIT;
        }
        producer.beginTransaction();
        for (ConsumerRecord<String, String> each : records) {
            var _ = producer.send(new ProducerRecord<>(to, each.partition(), null, each.value()));
        }
        producer.sendOffsetsToTransaction(next(records), consumer.groupMetadata());
        Ending ending = endings.get();
        switch (ending) {
            case COMMIT -> producer.commitTransaction();
            case ABORT -> {
                producer.abortTransaction();
                consumer.committed(consumer.assignment())
                        .forEach((partition, offset) -> rewind(consumer, partition, offset));
            }
            case ABANDON -> producer.flush();
        }
        return ending;
    }

    private static void rewind(
            KafkaConsumer<String, String> consumer, TopicPartition partition, OffsetAndMetadata committed) {
        consumer.seek(partition, committed == null ? 0 : committed.offset());
    }

    private static Map<TopicPartition, OffsetAndMetadata> next(ConsumerRecords<String, String> records) {
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();
        records.forEach(each ->
                next.put(new TopicPartition(each.topic(), each.partition()), new OffsetAndMetadata(each.offset() + 1)));
        return next;
    }

    private long committed(KafkaConsumer<String, String> consumer) {
        Set<TopicPartition> partitions = Set.of(new TopicPartition(from, 0), new TopicPartition(from, 1));
        return consumer.committed(partitions).values().stream()
                .mapToLong(each -> each == null ? 0 : each.offset())
                .sum();
    }

    private KafkaConsumer<String, String> consumer() {
        return TestClients.consumer(
                address,
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        name,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        20,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200));
    }

    private KafkaProducer<String, String> producer() {
        return TestClients.producer(
                address,
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        name,
                        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200));
    }
}
