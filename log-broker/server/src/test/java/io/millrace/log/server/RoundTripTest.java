package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTripTest {

    @TempDir
    static Path directory;

    private static Broker broker;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0,none,false",
        "1,none,false",
        "all,none,true",
        "all,gzip,true",
        "all,snappy,true",
        "all,lz4,true",
        "all,zstd,true"
    })
    void everyRecordComesBackInOrder(String acks, String codec, boolean idempotent) throws Exception {
        String topic = "records-" + acks + "-" + codec;
        TestClients.createTopic(broker, topic, 1);
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = TestClients.producer(
                broker,
                Map.of(
                        ProducerConfig.ACKS_CONFIG, acks,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, codec,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, idempotent))) {
            List<Future<RecordMetadata>> results = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String value = i + TestClients.text(100 + i % 400, i);
                sent.add(value);
                results.add(producer.send(new ProducerRecord<>(topic, 0, "key-" + i, value)));
            }
            for (Future<RecordMetadata> result : results) {
                result.get();
            }
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(broker, Map.of())) {
            consumer.assign(List.of(partition));
            // Below acks=all an answer says nothing yet about what readers see: that follows with the group commit.
            assertThat(TestClients.values(TestClients.poll(consumer, 2_000))).isEqualTo(sent);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 2_000L);
        }
    }

    @Test
    void aFetchOfManyMegabytesComesFromTheFile() throws Exception {
        TestClients.createTopic(broker, "large", 2);
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = TestClients.producer(
                broker,
                Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1_000_000, ProducerConfig.LINGER_MS_CONFIG, 20))) {
            for (int i = 0; i < 40; i++) {
                String value = TestClients.text(900_000, i);
                sent.add(value);
                producer.send(new ProducerRecord<>("large", i % 2, null, value)).get();
            }
        }
        List<String> read = TestClients.values(TestClients.readAll(broker, "large", 2));
        assertThat(read).containsExactlyInAnyOrderElementsOf(sent);
    }
}
