package io.millrace.log.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own clients, for tests against a running broker. */
final class TestClients {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long WAIT_NANOS = Duration.ofSeconds(60).toNanos();

    private TestClients() {}

    static Admin admin(Broker broker) {
        return Admin.create(configs(broker.listenAddress(), Map.of()));
    }

    static void createTopic(Broker broker, String name, int partitions) throws Exception {
        createTopic(broker.listenAddress(), name, partitions);
    }

    static void createTopic(HostPort address, String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(configs(address, Map.of()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    static KafkaProducer<String, String> producer(Broker broker, Map<String, Object> configs) {
        return producer(broker.listenAddress(), configs);
    }

    static KafkaProducer<String, String> producer(HostPort address, Map<String, Object> configs) {
        return new KafkaProducer<>(configs(address, configs), new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(Broker broker, Map<String, Object> configs) {
        return consumer(broker.listenAddress(), configs);
    }

    static KafkaConsumer<String, String> consumer(HostPort address, Map<String, Object> configs) {
        Map<String, Object> all = configs(address, configs);
        all.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    /** Everything in the partitions from the beginning to the end as it is now. */
    static List<ConsumerRecord<String, String>> readAll(Broker broker, String topic, int partitions) {
        return readAll(broker.listenAddress(), topic, partitions);
    }

    static List<ConsumerRecord<String, String>> readAll(HostPort address, String topic, int partitions) {
        try (KafkaConsumer<String, String> consumer = consumer(address, Map.of())) {
            return readAll(consumer, partitions(topic, partitions));
        }
    }

    /** Everything that the consumer may see from the beginning to the end as it is now. */
    static List<ConsumerRecord<String, String>> readAll(
            KafkaConsumer<String, String> consumer, List<TopicPartition> partitions) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return pollTo(consumer, consumer.endOffsets(partitions));
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> new TopicPartition(topic, index))
                .toList();
    }

    /** Polls until the consumer stands at these offsets, however many records there are before them. */
    private static List<ConsumerRecord<String, String>> pollTo(
            KafkaConsumer<String, String> consumer, Map<TopicPartition, Long> ends) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("got " + records.size() + " records in time, and not to " + ends);
            }
            consumer.poll(POLL).forEach(records::add);
        }
        return records;
    }

    /** Polls until {@code count} records are there. */
    static List<ConsumerRecord<String, String>> poll(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (records.size() < count) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("got " + records.size() + " of " + count + " records in time");
            }
            consumer.poll(POLL).forEach(records::add);
        }
        return records;
    }

    static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }

    static String text(int bytes, int seed) {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            text[i] = (byte) ('a' + (i * 31 + seed) % 26);
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** {@code configs}, and where the broker is. */
    static Map<String, Object> configs(HostPort address, Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address.toString());
        return all;
    }
}
