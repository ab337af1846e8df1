package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own kafka-consumer-groups against groups of both protocols. */
class GroupToolsTest {

    private static final String GROUP_COMMAND = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 30;

    @TempDir
    static Path directory;

    private static Broker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        KafkaTools.require();
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
        admin = TestClients.admin(broker);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            admin.close();
            assertThat(broker.failure()).isNotDone();
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void theToolTellsOfAGroupAndChangesItOnceItIsEmpty(String protocol) throws Exception {
        String topic = "read-by-" + protocol;
        String group = "group-of-" + protocol;
        TestClients.createTopic(broker, topic, PARTITIONS);
        produce(topic);
        try (KafkaConsumer<String, String> consumer = consumer(protocol, group)) {
            consumer.subscribe(List.of(topic));
            TestClients.poll(consumer, RECORDS);
            consumer.commitSync();

            tellsOfTheGroup(protocol, group, topic);
            refusesToChangeIt(group, topic);
        }
        changesIt(group, topic);
        ClientCheck.GROUPS.passed(KafkaTools.VERSION);
    }

    private static void tellsOfTheGroup(String protocol, String group, String topic) throws Exception {
        assertThat(lineOf(group, "--list", "--type", protocol)).matches(group + "\\s+(?i)" + protocol + "\\s*");
        assertThat(lineOf(group, "--list", "--state", "stable")).matches(group + "\\s+Stable\\s*");
        assertThat(tool("--describe", "--group", group, "--offsets").lines().filter(line -> line.startsWith(group)))
                .hasSize(PARTITIONS)
                .allMatch(line -> line.matches(group + "\\s+" + topic + "\\s+\\d\\s+10\\s+10\\s+0\\s.*"));
        assertThat(lineOf(group, "--describe", "--group", group, "--members", "--verbose"))
                .contains(" 127.0.0.1 ", topic + ":0,1,2");
        String assignor = protocol.equals("consumer") ? "uniform" : "range";
        assertThat(lineOf(group, "--describe", "--group", group, "--state", "--verbose"))
                .contains("127.0.0.1:", assignor, "Stable")
                .matches(".*\\s1\\s*");
    }

    private static void refusesToChangeIt(String group, String topic) throws Exception {
        tryTool("--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute");
        tryTool("--delete-offsets", "--group", group, "--topic", topic);
        tryTool("--delete", "--group", group);

        assertThat(offsets(group, topic)).containsExactly(10L, 10L, 10L);
    }

    private static void changesIt(String group, String topic) throws Exception {
        tool("--reset-offsets", "--group", group, "--topic", topic + ":0,1", "--to-offset", "4", "--execute");
        assertThat(offsets(group, topic)).containsExactly(4L, 4L, 10L);

        tool("--delete-offsets", "--group", group, "--topic", topic + ":1");
        assertThat(offsets(group, topic)).containsExactly(4L, -1L, 10L);

        tool("--delete", "--group", group);
        assertThat(tool("--list").lines()).doesNotContain(group);
        assertThat(offsets(group, topic)).containsExactly(-1L, -1L, -1L);
    }

    private static KafkaConsumer<String, String> consumer(String protocol, String group) {
        return TestClients.consumer(
                broker,
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG, group,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol));
    }

    private static void produce(String topic) throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, Integer.toString(i)))
                        .get();
            }
        }
    }

    /** Of each partition; -1 if there is none. */
    private static List<Long> offsets(String group, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> committed.get(new TopicPartition(topic, partition)))
                .map(offset -> offset == null ? -1 : offset.offset())
                .toList();
    }

    /** The one line of the tool's output that tells of the group. */
    private static String lineOf(String group, String... arguments) throws Exception {
        String output = tool(arguments);
        List<String> lines =
                output.lines().filter(line -> line.startsWith(group)).toList();
        assertThat(lines).as(output).hasSize(1);
        return lines.getFirst();
    }

    /** For what the tool is expected to refuse: how it ends then differs from one command to the other. */
    private static void tryTool(String... arguments) throws Exception {
        try {
            tool(arguments);
        } catch (AssertionError refused) {
            assertThat(refused).hasMessageContaining("ended with 1");
        }
    }

    private static String tool(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("--bootstrap-server", broker.listenAddress().toString()));
        all.addAll(List.of(arguments));
        return KafkaTools.run("", GROUP_COMMAND, all).lines().collect(Collectors.joining("\n"));
    }
}
