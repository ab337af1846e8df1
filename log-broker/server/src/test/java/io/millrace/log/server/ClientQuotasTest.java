package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaAlteration.Op;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas as Kafka's own clients set and feel them. */
class ClientQuotasTest {

    private static final String CLIENT = "greedy";

    @TempDir
    Path directory;

    private Broker broker;

    @BeforeEach
    void start() throws Exception {
        broker = Broker.start(
                BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")).withLoops(2));
        TestClients.createTopic(broker, "t", 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static ClientQuotaEntity client(String name) {
        return new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, name));
    }

    private void alter(Op... ops) throws Exception {
        try (Admin admin = TestClients.admin(broker)) {
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(client(CLIENT), List.of(ops))))
                    .all()
                    .get();
        }
    }

    private Map<ClientQuotaEntity, Map<String, Double>> described() throws Exception {
        try (Admin admin = TestClients.admin(broker)) {
            return admin.describeClientQuotas(ClientQuotaFilter.containsOnly(
                            List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.CLIENT_ID, CLIENT))))
                    .entities()
                    .get();
        }
    }

    private static double throttleAverage(KafkaProducer<String, String> producer) {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("produce-throttle-time-avg"))
                .map(Metric::metricValue)
                .mapToDouble(value -> (double) value)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
    }

    private static void send(KafkaProducer<String, String> producer, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>("t", TestClients.text(1000, i))).get();
        }
    }

    @Test
    void kafkasAdminSetsDescribesAndRemovesQuotas() throws Exception {
        alter(new Op("producer_byte_rate", 20_000.0), new Op("request_percentage", 50.5));

        assertThat(described())
                .containsExactly(
                        Map.entry(client(CLIENT), Map.of("producer_byte_rate", 20_000.0, "request_percentage", 50.5)));

        alter(new Op("producer_byte_rate", null), new Op("request_percentage", null));
        assertThat(described()).isEmpty();
    }

    @Test
    void aProducerAboveItsQuotaIsSlowedDownAndLosesNothing() throws Exception {
        alter(new Op("producer_byte_rate", 2_000.0));

        try (KafkaProducer<String, String> greedy = TestClients.producer(
                        broker, Map.of(ProducerConfig.CLIENT_ID_CONFIG, CLIENT, ProducerConfig.LINGER_MS_CONFIG, 0));
                KafkaProducer<String, String> modest =
                        TestClients.producer(broker, Map.of(ProducerConfig.CLIENT_ID_CONFIG, "modest"))) {
            long begin = System.nanoTime();
            // 20 kB in windows of ten seconds are free; what comes after waits.
            send(greedy, 23);
            long seconds = (System.nanoTime() - begin) / 1_000_000_000;
            send(modest, 30);

            assertThat(seconds).isGreaterThanOrEqualTo(1);
            assertThat(throttleAverage(greedy)).isPositive();
            assertThat(throttleAverage(modest)).isZero();
            assertThat(broker.metrics().connections().muted()).isPositive();
        }
        assertThat(TestClients.readAll(broker, "t", 1)).hasSize(53);
    }
}
