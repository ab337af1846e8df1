package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a broker that is a process of its own, under load. */
class BrokerKillTest {

    private static final int RECORDS = 3_000;
    private static final int KILLS = 3;
    private static final String TOPIC = "acknowledged";

    @TempDir
    Path directory;

    private final AtomicInteger acknowledged = new AtomicInteger();

    @Test
    void nothingAcknowledgedIsLostAndNothingIsDoubled() throws Exception {
        ChildBroker child = new ChildBroker(directory, new HostPort("127.0.0.1", 0), List.of());
        HostPort address = child.address();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            TestClients.createTopic(address, TOPIC, 1);
            Future<?> sending = executor.submit(() -> send(address));
            Random random = new Random();
            for (int kill = 1; kill <= KILLS; kill++) {
                int target = RECORDS * kill / (KILLS + 1) + random.nextInt(200);
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> acknowledged.get() >= target || sending.isDone());
                child.kill();
                child = new ChildBroker(directory, address, List.of());
            }
            sending.get();
            List<String> expected =
                    IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();
            assertThat(TestClients.values(TestClients.readAll(address, TOPIC, 1)))
                    .isEqualTo(expected);
        } finally {
            child.kill();
        }
    }

    /** Idempotent, with retries for as long as it takes: every record has to be acknowledged once. */
    private boolean send(HostPort address) throws Exception {
        Map<String, Object> configs = Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                ProducerConfig.BATCH_SIZE_CONFIG, 200,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000);
        try (KafkaProducer<String, String> producer = TestClients.producer(address, configs)) {
            List<Future<RecordMetadata>> results = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                results.add(
                        producer.send(new ProducerRecord<>(TOPIC, 0, null, Integer.toString(i)), (meta, failure) -> {
                            if (failure == null) {
                                acknowledged.incrementAndGet();
                            }
                        }));
                if (i % 20 == 0) {
                    results.getLast().get();
                }
            }
            for (Future<RecordMetadata> result : results) {
                result.get();
            }
        }
        return true;
    }
}
