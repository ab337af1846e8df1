package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer whose process is stopped or killed: its partitions go to another one, and it changes nothing any more. */
@Timeout(120)
class ZombieConsumerTest {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long WAIT_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int SESSION_MS = 3_000;
    private static final int FIRST_RECORDS = 10;
    private static final int ALL_RECORDS = 25;

    @TempDir
    static Path directory;

    private static Broker broker;

    @BeforeAll
    static void start() {
        String session = Integer.toString(SESSION_MS);
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0"))
                .withConfigs(Map.of(
                        "group.consumer.min.session.timeout.ms", session,
                        "group.consumer.session.timeout.ms", session,
                        "group.consumer.min.heartbeat.interval.ms", "300",
                        "group.consumer.heartbeat.interval.ms", "300",
                        "group.min.session.timeout.ms", session)));
    }

    @AfterAll
    static void stop() {
        assertThat(broker.failure()).isNotDone();
        broker.close();
    }

    private static Map<String, Object> configs(String protocol) {
        return protocol.equals("consumer")
                ? Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "of-" + protocol,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        protocol)
                : Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "of-" + protocol,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        protocol,
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        SESSION_MS,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void anomalyA26aConsumerThatSleptTooLongCommitsNothing(String protocol) throws Exception {
        String topic = "slept-" + protocol;
        TopicPartition partition = new TopicPartition(topic, 0);
        TestClients.createTopic(broker, topic, 1);
        produce(topic, FIRST_RECORDS);
        try (Child sleeper = new Child(topic, configs(protocol));
                KafkaConsumer<String, String> heir = TestClients.consumer(broker, configs(protocol))) {
            sleeper.await("read " + FIRST_RECORDS);
            sleeper.signal("STOP");
            heir.subscribe(List.of(topic));
            produce(topic, ALL_RECORDS - FIRST_RECORDS);
            assertThat(TestClients.poll(heir, ALL_RECORDS)).hasSize(ALL_RECORDS);
            heir.commitSync();

            sleeper.command();
            sleeper.signal("CONT");
            sleeper.await("commit ");
            assertThat(committed(heir, partition)).isEqualTo(ALL_RECORDS);

            sleeper.signal("KILL");
            poll(heir, () -> heir.assignment().equals(Set.of(partition)));
            produce(topic, 1);
            assertThat(TestClients.poll(heir, 1)).hasSize(1);
        }
    }

    private static void poll(KafkaConsumer<String, String> consumer, BooleanSupplier done) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("time left").isNegative();
            assertThat(consumer.poll(POLL)).isEmpty();
        }
    }

    private static long committed(KafkaConsumer<String, String> consumer, TopicPartition partition) {
        OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
        return Objects.requireNonNull(committed).offset();
    }

    private static void produce(String topic, int count) throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, Integer.toString(i))).get();
            }
        }
    }

    /** {@link ConsumerMain} in a JVM of its own. */
    private static final class Child implements AutoCloseable {

        private final Process process;
        private final BufferedReader output;
        private final Writer input;

        Child(String topic, Map<String, Object> configs) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    ChildBroker.absoluteClassPath(),
                    ConsumerMain.class.getName(),
                    broker.listenAddress().toString(),
                    topic));
            configs.forEach((key, value) -> command.add(key + "=" + value));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            output = process.inputReader(StandardCharsets.UTF_8);
            input = process.outputWriter(StandardCharsets.UTF_8);
        }

        void command() throws IOException {
            input.write("\n");
            input.flush();
        }

        /** Waits for a line of its output that begins so. */
        void await(String beginning) throws IOException {
            String line = output.readLine();
            while (line != null && !line.startsWith(beginning)) {
                line = output.readLine();
            }
            assertThat(line).as("a line that begins with %s", beginning).isNotNull();
        }

        void signal(String signal) throws IOException, InterruptedException {
            Program.run(List.of("kill", "-" + signal, Long.toString(process.pid())), "");
        }

        @Override
        public void close() {
            var _ = process.destroyForcibly().onExit().join();
        }
    }
}
