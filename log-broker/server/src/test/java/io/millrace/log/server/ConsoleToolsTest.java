package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Kafka's own console tools against a running broker, each in processes of its own and with topics of its own.
 * kafka-consumer-groups has {@link GroupToolsTest}, kafka-dump-log {@link DumpLogTest}.
 */
@Execution(ExecutionMode.CONCURRENT)
class ConsoleToolsTest {

    private static final String TOOLS = "org.apache.kafka.tools.";
    private static final String TOPICS = TOOLS + "TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String GET_OFFSETS = TOOLS + "GetOffsetShell";
    private static final String TRANSACTIONS = TOOLS + "TransactionsCommand";

    @TempDir
    static Path directory;

    private static Broker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        KafkaTools.require();
        broker = Broker.start(BrokerConfig.of(directory.resolve("broker"), HostPort.parse("127.0.0.1:0")));
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

    @Test
    void topics() throws Exception {
        tool(TOPICS, "--create", "--topic", "tools", "--partitions", "2", "--config", "retention.ms=7000");
        assertThat(tool(TOPICS, "--list")).contains("tools");
        tool(TOPICS, "--alter", "--topic", "tools", "--partitions", "3");
        assertThat(text(tool(TOPICS, "--describe", "--topic", "tools")))
                .contains("PartitionCount: 3", "ReplicationFactor: 1", "Configs: retention.ms=7000")
                .containsPattern("Topic: tools\\s+Partition: 2\\s+Leader: (\\d+)\\s+Replicas: \\1\\s+Isr: \\1\\s");

        tool(TOPICS, "--delete", "--topic", "tools");

        assertThat(tool(TOPICS, "--list")).doesNotContain("tools");
        ClientCheck.TOPICS.passed(KafkaTools.VERSION);
    }

    @Test
    void consoleProducerAndConsumer() throws Exception {
        KafkaTools.run(
                "a:one\nb:two\na:three\n",
                TOOLS + "ConsoleProducer",
                withBroker(
                        "--topic",
                        "console",
                        "--reader-property",
                        "parse.key=true",
                        "--reader-property",
                        "key.separator=:",
                        "--compression-codec",
                        "zstd"));

        assertThat(tool(
                        TOOLS + "consumer.ConsoleConsumer",
                        "--topic",
                        "console",
                        "--group",
                        "console-readers",
                        "--from-beginning",
                        "--max-messages",
                        "3",
                        "--formatter-property",
                        "print.key=true"))
                .contains("a\tone", "b\ttwo", "a\tthree");
        assertThat(committed("console-readers", "console")).isEqualTo(3);
        ClientCheck.CONSOLE.passed(KafkaTools.VERSION);
    }

    @Test
    void configs() throws Exception {
        TestClients.createTopic(broker, "configured", 1);
        String self = admin.describeCluster().nodes().get().iterator().next().idString();
        alter("topics", "configured", "retention.ms=1234567");
        alter("brokers", self, "log.cleaner.backoff.ms=14000");
        alter("groups", "readers", "consumer.session.timeout.ms=50000");
        alter("clients", "writers", "producer_byte_rate=1000000.0");

        config("topics", "configured", "--alter", "--delete-config", "retention.ms");

        assertThat(text(config("topics", "configured", "--describe", "--all")))
                .contains("cleanup.policy=delete", "DEFAULT_CONFIG:log.cleanup.policy=delete")
                .doesNotContain("1234567");
        ClientCheck.CONFIGS.passed(KafkaTools.VERSION);
    }

    private static void alter(String type, String name, String config) throws Exception {
        config(type, name, "--alter", "--add-config", config);
        assertThat(text(config(type, name, "--describe"))).contains(config);
    }

    private static List<String> config(String type, String name, String... verb) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--entity-type", type, "--entity-name", name));
        arguments.addAll(List.of(verb));
        return tool(CONFIGS, arguments.toArray(String[]::new));
    }

    @Test
    void offsetsAreToldAndRecordsDeleted() throws Exception {
        TestClients.createTopic(broker, "deleted", 2);
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("deleted", 0, 1_000L + i, null, "record " + i))
                        .get();
            }
        }
        assertThat(tool(GET_OFFSETS, "--topic", "deleted")).contains("deleted:0:10", "deleted:1:0");
        assertThat(tool(GET_OFFSETS, "--topic", "deleted", "--time", "1007")).contains("deleted:0:7");
        ClientCheck.GET_OFFSETS.passed(KafkaTools.VERSION);

        Path offsets = Files.writeString(
                directory.resolve("offsets.json"),
                "{\"partitions\": [{\"topic\": \"deleted\", \"partition\": 0, \"offset\": 4}], \"version\": 1}");
        assertThat(tool(TOOLS + "DeleteRecordsCommand", "--offset-json-file", offsets.toString()))
                .contains("partition: deleted-0\tlow_watermark: 4");

        assertThat(tool(GET_OFFSETS, "--topic", "deleted", "--time", "earliest"))
                .contains("deleted:0:4", "deleted:1:0");
        assertThat(TestClients.values(TestClients.readAll(broker, "deleted", 1)))
                .containsExactly("record 4", "record 5", "record 6", "record 7", "record 8", "record 9");
        ClientCheck.DELETE_RECORDS.passed(KafkaTools.VERSION);
    }

    @Test
    void transactions() throws Exception {
        TestClients.createTopic(broker, "transacted", 1);
        Map<String, Object> transactional = Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "left-open");
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, transactional)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transacted", "never to be seen"))
                    .get();

            assertThat(text(tool(TRANSACTIONS, "list"))).containsPattern("left-open\\s+\\d+\\s+\\d+\\s+Ongoing");
            assertThat(text(tool(TRANSACTIONS, "describe", "--transactional-id", "left-open")))
                    .containsPattern("left-open\\s.*\\sOngoing\\s.*\\stransacted-0");
            assertThat(openTransactionOf("transacted")).isEqualTo("0");
            assertThat(tool(TRANSACTIONS, "find-hanging", "--topic", "transacted"))
                    .hasSize(1);
            tool(TRANSACTIONS, "abort", "--topic", "transacted", "--partition", "0", "--start-offset", "0");
            assertThat(openTransactionOf("transacted")).isEqualTo("None");
        }
        ClientCheck.TRANSACTIONS.passed(KafkaTools.VERSION);
    }

    /** The column CurrentTransactionStartOffset of the topic's only producer. */
    private static String openTransactionOf(String topic) throws Exception {
        List<String> lines = tool(TRANSACTIONS, "describe-producers", "--topic", topic, "--partition", "0");
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).contains("CurrentTransactionStartOffset");
        return lines.getLast().strip().split("\\s+")[5];
    }

    @Test
    void verifiableProducerAndConsumer() throws Exception {
        assertThat(text(tool(TOOLS + "VerifiableProducer", "--topic", "verified", "--max-messages", "1000")))
                .containsPattern("\"name\":\"tool_data\",\"sent\":1000,\"acked\":1000,");

        List<String> consumed = tool(
                TOOLS + "VerifiableConsumer",
                "--topic",
                "verified",
                "--group-id",
                "verifiers",
                "--max-messages",
                "1000");

        assertThat(text(consumed)).contains("\"name\":\"shutdown_complete\"");
        assertThat(consumed.stream()
                        .filter(line -> line.contains("\"name\":\"records_consumed\""))
                        .mapToInt(line -> Integer.parseInt(line.replaceAll(".*?\"count\":(\\d+).*", "$1")))
                        .sum())
                .isEqualTo(1_000);
        assertThat(committed("verifiers", "verified")).isEqualTo(1_000);
        ClientCheck.VERIFIABLE.passed(KafkaTools.VERSION);
    }

    @Test
    void producerAndConsumerPerformance() throws Exception {
        String[] load = {"--num-records", "10000", "--record-size", "100", "--throughput", "-1"};
        producerPerformance(load, "--topic", "plain");
        producerPerformance(load, "--topic", "transactional", "--transactional-id", "perf");

        for (String topic : List.of("plain", "transactional")) {
            assertThat(tool(
                            TOOLS + "ConsumerPerformance",
                            "--topic",
                            topic,
                            "--num-records",
                            "10000",
                            "--command-property",
                            "isolation.level=read_committed",
                            "--hide-header"))
                    .anyMatch(line -> line.split(", ").length > 4 && line.split(", ")[4].equals("10000"));
        }
        ClientCheck.PERFORMANCE.passed(KafkaTools.VERSION);
    }

    private static void producerPerformance(String[] load, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(load));
        arguments.addAll(List.of(more));
        assertThat(tool(TOOLS + "ProducerPerformance", arguments.toArray(String[]::new)))
                .anyMatch(line -> line.startsWith("10000 records sent, "));
    }

    /** Sum over the topic's partitions. */
    private static long committed(String group, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        assertThat(offsets.keySet()).extracting(TopicPartition::topic).containsOnly(topic);
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    private static List<String> tool(String mainClass, String... arguments) throws Exception {
        return KafkaTools.run("", mainClass, withBroker(arguments))
                .lines()
                .filter(line -> !line.startsWith("SLF4J"))
                .toList();
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines);
    }

    private static List<String> withBroker(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("--bootstrap-server", broker.listenAddress().toString()));
        all.addAll(List.of(arguments));
        return all;
    }
}
