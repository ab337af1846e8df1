package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 8 MB that clients fill. */
class DiskFullTest {

    private static final String TOPIC = "t";
    private static final int BALLAST_BYTES = 3 << 20;
    private static final Map<String, Object> ONE_TRY =
            Map.of(ProducerConfig.RETRIES_CONFIG, 0, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);

    @TempDir
    Path directory;

    private final List<String> acknowledged = new ArrayList<>();
    private Path ballast = Path.of("");
    private BrokerConfig config = BrokerConfig.of(Path.of(""), new HostPort("127.0.0.1", 0));
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount a small disk: run as root");
        Program.Result mounting =
                Program.tryRun(List.of("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString()), "");
        mounted = mounting.exitCode() == 0;
        assumeTrue(mounted, "no tmpfs can be mounted here (" + mounting.output().trim() + "): try another machine");
        ballast = directory.resolve("ballast");
        Files.write(ballast, new byte[BALLAST_BYTES]);
        config = BrokerConfig.of(directory.resolve("data"), new HostPort("127.0.0.1", 0))
                .withConfigs(Map.of("log.cleaner.backoff.ms", "200"));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            Program.run(List.of("umount", directory.toString()), "");
        }
    }

    @Test
    @DisplayName(
            "A33: on a full disk writes fail with a retriable error, reads go on, and all resumes when there is room")
    void writesResumeWhenThereIsRoom() throws Exception {
        try (Broker broker = Broker.start(config)) {
            createTopic(broker);
            fill(broker);
            assertReadable(broker);
            try (KafkaProducer<String, String> patient = TestClients.producer(broker, Map.of())) {
                Future<RecordMetadata> waiting = send(patient, "sent while the disk was full");
                assertThat(waiting).isNotDone();
                assertTopicRefused(broker);
                assertReadable(broker);

                Files.delete(ballast);

                acknowledged.add(waiting.get().offset() + "=sent while the disk was full");
                acknowledged.add(send(patient, "after").get().offset() + "=after");
            }
            assertReadable(broker);
            assertThat(broker.failure()).isNotDone();
            assertThat(broker.metrics().faults().partitionsStopped()).isZero();
        }
    }

    @Test
    @DisplayName("A33: a broker starts on a full disk, serves what it has, and takes records when there is room")
    void aBrokerStartsOnAFullDisk() throws Exception {
        try (Broker broker = Broker.start(config)) {
            createTopic(broker);
            fill(broker);
        }
        try (Broker broker = Broker.start(config)) {
            assertReadable(broker);
            try (KafkaProducer<String, String> producer = TestClients.producer(broker, ONE_TRY)) {
                assertThatThrownBy(() -> send(producer, "no room").get())
                        .hasCauseInstanceOf(KafkaStorageException.class);

                Files.delete(ballast);

                await().atMost(Duration.ofSeconds(10))
                        .ignoreExceptions()
                        .untilAsserted(() ->
                                acknowledged.add(send(producer, "room").get().offset() + "=room"));
            }
            assertReadable(broker);
        }
    }

    private static void createTopic(Broker broker) throws Exception {
        try (Admin admin = TestClients.admin(broker)) {
            NewTopic small = new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("segment.bytes", "1048576"));
            admin.createTopics(List.of(small)).all().get();
        }
    }

    /** Writes until the broker says that it cannot store a record, large ones first. */
    private void fill(Broker broker) throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, ONE_TRY)) {
            for (int bytes : new int[] {50_000, 1_000, 10}) {
                assertThat(fill(producer, bytes))
                        .cause()
                        .isInstanceOf(KafkaStorageException.class)
                        .isInstanceOf(RetriableException.class);
            }
        }
    }

    /** Writes records of one size until one is refused; gives why. */
    private Throwable fill(KafkaProducer<String, String> producer, int bytes) throws InterruptedException {
        try {
            while (true) {
                String value = TestClients.text(bytes, acknowledged.size());
                acknowledged.add(send(producer, value).get().offset() + "=" + value);
            }
        } catch (ExecutionException e) {
            return e;
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<String, String> producer, String value) {
        return producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
    }

    private void assertReadable(Broker broker) {
        List<String> stored = new ArrayList<>();
        for (ConsumerRecord<String, String> item : TestClients.readAll(broker, TOPIC, 1)) {
            stored.add(item.offset() + "=" + item.value());
        }
        assertThat(stored).isEqualTo(acknowledged);
    }

    /** A topic costs room in the metadata log and a directory: it may be made, or refused; the broker lives. */
    private static void assertTopicRefused(Broker broker) throws Exception {
        try (Admin admin = TestClients.admin(broker)) {
            for (int i = 0; i < 20; i++) {
                NewTopic topic = new NewTopic("more-" + i + "-" + "x".repeat(200), 10, (short) 1);
                try {
                    admin.createTopics(List.of(topic)).all().get();
                } catch (ExecutionException e) {
                    assertThat(e).hasMessageContaining("disk is full");
                }
            }
            assertThat(broker.failure()).isNotDone();
        }
    }
}
