package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own transactional producer and its readers against a running broker. */
class TransactionsTest {

    private static final Map<String, Object> READ_COMMITTED =
            Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");

    @TempDir
    static Path directory;

    private static Broker broker;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
    }

    @AfterAll
    static void stop() {
        assertThat(broker.failure()).isNotDone();
        broker.close();
    }

    private static KafkaProducer<String, String> producer(String transactionalId) {
        return producer(transactionalId, 60_000);
    }

    private static KafkaProducer<String, String> producer(String transactionalId, int timeoutMs) {
        return TestClients.producer(
                broker,
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMs));
    }

    private static void send(KafkaProducer<String, String> producer, String topic, int from, int to) {
        for (int i = from; i < to; i++) {
            var _ = producer.send(new ProducerRecord<>(topic, i % 2, null, Integer.toString(i)));
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    /** What readers of committed transactions see of both partitions, once there is so much. */
    private static List<String> committed(String topic, int count) {
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(broker, READ_COMMITTED)) {
            consumer.assign(List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)));
            return TestClients.values(TestClients.poll(consumer, count));
        }
    }

    @Test
    void readersSeeWhatIsCommittedAndNothingElse() throws Exception {
        TestClients.createTopic(broker, "mixed", 2);
        try (KafkaProducer<String, String> producer = producer("mixed")) {
            producer.initTransactions();
            for (int round = 0; round < 10; round++) {
                producer.beginTransaction();
                send(producer, "mixed", 100 * round, 100 * round + 100);
                if (round % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    // What was not sent yet would never come.
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }

        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 10; round += 2) {
            expected.addAll(numbers(100 * round, 100 * round + 100));
        }
        assertThat(committed("mixed", 500)).containsExactlyInAnyOrderElementsOf(expected);
        try (KafkaConsumer<String, String> consumer = uncommitted("mixed")) {
            assertThat(TestClients.values(TestClients.poll(consumer, 1_000))).hasSize(1_000);
        }
    }

    private static KafkaConsumer<String, String> uncommitted(String topic) {
        KafkaConsumer<String, String> consumer = TestClients.consumer(broker, Map.of());
        consumer.assign(List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)));
        return consumer;
    }

    @Test
    void a20TheFirstOfTwoProducersIsFenced() throws Exception {
        TestClients.createTopic(broker, "fenced", 2);
        try (KafkaProducer<String, String> zombie = producer("fenced");
                KafkaProducer<String, String> successor = producer("fenced")) {
            zombie.initTransactions();
            zombie.beginTransaction();
            send(zombie, "fenced", 0, 10);
            zombie.flush();

            successor.initTransactions();
            successor.beginTransaction();
            send(successor, "fenced", 10, 20);
            successor.commitTransaction();

            assertThatThrownBy(zombie::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        assertThat(committed("fenced", 10)).containsExactlyInAnyOrderElementsOf(numbers(10, 20));
    }

    @Test
    void a21ATransactionThatIsOpenForTooLongIsAborted() throws Exception {
        TestClients.createTopic(broker, "late", 2);
        try (KafkaProducer<String, String> sleeper = producer("late", 1_000);
                Admin admin = TestClients.admin(broker)) {
            sleeper.initTransactions();
            sleeper.beginTransaction();
            send(sleeper, "late", 0, 10);
            sleeper.flush();
            try (KafkaProducer<String, String> other = TestClients.producer(broker, Map.of())) {
                send(other, "late", 10, 20);
            }

            assertThat(committed("late", 10)).containsExactlyInAnyOrderElementsOf(numbers(10, 20));
            assertThat(state(admin, "late")).isEqualTo(TransactionState.COMPLETE_ABORT);
            assertThatThrownBy(sleeper::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
    }

    private static TransactionState state(Admin admin, String transactionalId) throws Exception {
        return describe(admin, transactionalId).state();
    }

    private static TransactionDescription describe(Admin admin, String transactionalId) throws Exception {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get();
    }

    /** A22: each input leaves one output, through aborts and over producers that come and go. */
    @Test
    void a22ConsumeTransformProduceIsExact() throws Exception {
        TestClients.createTopic(broker, "inputs", 2);
        TestClients.createTopic(broker, "outputs", 2);
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            send(producer, "inputs", 0, 1_000);
        }
        Random random = new Random(7);
        TransactionalCopy copy = new TransactionalCopy(broker.listenAddress(), "inputs", "outputs", "copy");
        int lives = 1;
        while (!copy.live(1_000, () -> ending(random.nextInt(10)))) {
            lives++;
        }

        assertThat(lives).isGreaterThan(2);
        assertThat(committed("outputs", 1_000)).containsExactlyInAnyOrderElementsOf(numbers(0, 1_000));
        try (Admin admin = TestClients.admin(broker)) {
            assertThat(admin.listConsumerGroupOffsets("copy").partitionsToOffsetAndMetadata().get().values().stream()
                            .mapToLong(OffsetAndMetadata::offset)
                            .sum())
                    .isEqualTo(1_000);
        }
    }

    private static TransactionalCopy.Ending ending(int dice) {
        return switch (dice) {
            case 0 -> TransactionalCopy.Ending.ABANDON;
            case 1, 2, 3 -> TransactionalCopy.Ending.ABORT;
            default -> TransactionalCopy.Ending.COMMIT;
        };
    }

    /** A24: after an abort, a reader's position moves over what was aborted and stays there (KAFKA-17582). */
    @Test
    void a24ThePositionAfterAnAbortIsTheEndAndSkipsNothing() throws Exception {
        TestClients.createTopic(broker, "positions", 2);
        TopicPartition partition = new TopicPartition("positions", 0);
        try (KafkaProducer<String, String> producer = producer("positions");
                KafkaConsumer<String, String> consumer = TestClients.consumer(broker, READ_COMMITTED)) {
            producer.initTransactions();
            consumer.assign(List.of(partition));
            for (int round = 1; round <= 3; round++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("positions", 0, null, "aborted"))
                        .get();
                producer.abortTransaction();
                long end = 4L * round - 2;
                await().until(() ->
                        consumer.poll(Duration.ofMillis(50)).isEmpty() && consumer.position(partition) == end);
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("positions", 0, null, "round " + round))
                        .get();
                producer.commitTransaction();
                List<ConsumerRecord<String, String>> found = TestClients.poll(consumer, 1);
                assertThat(TestClients.values(found)).containsExactly("round " + round);
                assertThat(found.getFirst().offset()).isEqualTo(end);
            }
        }
    }

    @Test
    void adminsSeeTransactionsAndFenceTheirProducers() throws Exception {
        TestClients.createTopic(broker, "seen", 2);
        try (KafkaProducer<String, String> producer = producer("seen");
                Admin admin = TestClients.admin(broker)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "seen", 0, 10);
            producer.flush();

            assertThat(describe(admin, "seen").topicPartitions())
                    .containsExactlyInAnyOrder(new TopicPartition("seen", 0), new TopicPartition("seen", 1));
            assertThat(admin.listTransactions().all().get())
                    .extracting(TransactionListing::transactionalId)
                    .contains("seen");
            admin.fenceProducers(List.of("seen")).all().get();

            assertThatThrownBy(producer::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            assertThat(state(admin, "seen")).isEqualTo(TransactionState.EMPTY);
        }
    }
}
