package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions over kill -9 of a broker that is a process of its own. {@code -Dkill.rounds=100} is the long form. */
class TransactionKillTest {

    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final int TRANSACTIONS_BETWEEN = 25;
    private static final int RECORDS = 700 * ROUNDS;

    @TempDir
    Path directory;

    private final AtomicInteger transactions = new AtomicInteger();

    @Test
    @DisplayName("A22: consume, transform, produce over kills leaves one output for each input")
    void everyInputLeavesOneOutput() throws Exception {
        ChildBroker child = new ChildBroker(directory, new HostPort("127.0.0.1", 0), List.of());
        HostPort address = child.address();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> inputs =
                    IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();
            fill(address, inputs);
            TransactionalCopy copy = new TransactionalCopy(address, "inputs", "outputs", "copy");
            Future<?> copying = executor.submit(() -> copyAll(copy));
            for (int round = 1; round <= ROUNDS; round++) {
                int target = TRANSACTIONS_BETWEEN * round;
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> transactions.get() >= target || copying.isDone());
                child.kill();
                child = new ChildBroker(directory, address, List.of());
            }
            copying.get();
            assertThat(outputs(address)).containsExactlyInAnyOrderElementsOf(inputs);
        } finally {
            child.kill();
        }
    }

    private static void fill(HostPort address, List<String> inputs) throws Exception {
        TestClients.createTopic(address, "inputs", 2);
        TestClients.createTopic(address, "outputs", 2);
        try (KafkaProducer<String, String> producer = TestClients.producer(address, Map.of())) {
            for (String each : inputs) {
                var _ = producer.send(new ProducerRecord<>("inputs", null, each));
            }
        }
    }

    private static List<String> outputs(HostPort address) {
        try (KafkaConsumer<String, String> consumer =
                TestClients.consumer(address, Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"))) {
            consumer.assign(List.of(new TopicPartition("outputs", 0), new TopicPartition("outputs", 1)));
            return TestClients.values(TestClients.poll(consumer, RECORDS));
        }
    }

    private boolean copyAll(TransactionalCopy copy) {
        boolean done = false;
        while (!done) {
            done = copy.live(RECORDS, this::nextEnding);
        }
        return true;
    }

    private TransactionalCopy.Ending nextEnding() {
        return transactions.incrementAndGet() % 5 == 0
                ? TransactionalCopy.Ending.ABORT
                : TransactionalCopy.Ending.COMMIT;
    }
}
