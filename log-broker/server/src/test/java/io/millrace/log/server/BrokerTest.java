package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {

    @TempDir
    Path directory;

    @Test
    void keepsTopicsAndClusterIdOverARestart() throws Exception {
        String cluster;
        try (Broker broker = start();
                Admin admin = TestClients.admin(broker)) {
            cluster = admin.describeCluster().clusterId().get();
            admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1)))
                    .all()
                    .get();
            assertThat(admin.listTopics().names().get()).containsExactly("orders");
        }
        try (Broker broker = start();
                Admin admin = TestClients.admin(broker)) {
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(cluster);
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("orders"));
        }
    }

    @Test
    void keepsRecordsAndCommittedOffsetsOverARestart() throws Exception {
        Map<String, Object> group = Map.of(ConsumerConfig.GROUP_ID_CONFIG, "readers");
        try (Broker broker = start()) {
            TestClients.createTopic(broker, "orders", 1);
            send(broker, "a", "b", "c");
            try (KafkaConsumer<String, String> consumer = TestClients.consumer(broker, group)) {
                consumer.subscribe(List.of("orders"));
                assertThat(TestClients.values(TestClients.poll(consumer, 3))).containsExactly("a", "b", "c");
                consumer.commitSync(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(2)));
            }
        }
        try (Broker broker = start()) {
            send(broker, "d");
            try (KafkaConsumer<String, String> consumer = TestClients.consumer(broker, group)) {
                consumer.subscribe(List.of("orders"));
                assertThat(TestClients.values(TestClients.poll(consumer, 2))).containsExactly("c", "d");
            }
        }
    }

    @Test
    void refusesADirectoryThatAnotherBrokerUses() {
        try (Broker broker = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOfSatisfying(
                            BrokerStartException.class,
                            e -> assertThat(e.kind()).isEqualTo(BrokerStartException.Kind.DATA_DIRECTORY_IN_USE))
                    .hasMessageContaining(directory.toString());
            assertThat(broker.failure()).isNotDone();
        }
    }

    @Test
    void refusesAPortThatIsInUse(@TempDir Path other) {
        try (Broker broker = start()) {
            assertThatThrownBy(() -> Broker.start(BrokerConfig.of(other, broker.listenAddress())))
                    .isInstanceOfSatisfying(
                            BrokerStartException.class,
                            e -> assertThat(e.kind()).isEqualTo(BrokerStartException.Kind.ADDRESS_IN_USE))
                    .hasMessageContaining(broker.listenAddress().toString());
        }
    }

    private static void send(Broker broker, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("orders", value)).get();
            }
        }
    }

    private Broker start() {
        return Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
    }
}
