package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Other people's clients against a running broker: kcat (librdkafka), Kafka's own console tools, kafka-python. A
 * test whose client is missing is skipped and says so; {@code .ci/run} installs them all.
 */
class ForeignClientsTest {

    private static final String TOPIC_COMMAND = "org.apache.kafka.tools.TopicCommand";
    private static final String GROUP_COMMAND = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";

    /** How kcat prints a record. */
    private static final String RECORD = "%k=%s\\n";

    @TempDir
    static Path directory;

    private static Broker broker;
    private static String bootstrap;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
        bootstrap = broker.listenAddress().toString();
    }

    @AfterAll
    static void stop() {
        assertThat(broker.failure()).isNotDone();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void kcatReadsBackWhatItWrote(String codec) throws Exception {
        requireKcat();
        String topic = "kcat-" + codec;
        String lines = lines(0, 1_000);

        kcat(lines, "-P", "-t", topic, "-K", "=", "-z", codec);

        assertThat(read(topic, "beginning")).isEqualTo(lines);
        assertThat(read(topic, "-5")).isEqualTo(lines(995, 1_000));
        assertThat(kcat("", "-L", "-t", topic)).contains("topic \"" + topic + "\" with 1 partitions");
    }

    @Test
    void kcatBeginsAtATimestamp() throws Exception {
        requireKcat();
        kcat(lines(0, 10), "-P", "-t", "times", "-K", "=");
        long before = timestampOfLast("times");
        await().until(() -> System.currentTimeMillis() > before);
        kcat(lines(10, 20), "-P", "-t", "times", "-K", "=");

        assertThat(read("times", "s@" + (before + 1))).isEqualTo(lines(10, 20));
        assertThat(read("times", "s@" + (before + 1_000_000))).isEmpty();
    }

    @Test
    void kcatGoesOnWhereItsGroupCommitted() throws Exception {
        requireKcat();
        kcat(lines(0, 1_000), "-P", "-t", "shared", "-K", "=");
        assertThat(readInGroup("shared")).isEqualTo(lines(0, 1_000));
        kcat(lines(1_000, 1_010), "-P", "-t", "shared", "-K", "=");
        assertThat(readInGroup("shared")).isEqualTo(lines(1_000, 1_010));
    }

    @Test
    void kafkasOwnConsoleToolsWork() throws Exception {
        KafkaTools.require();

        tool("", TOPIC_COMMAND, "--create", "--topic", "tools", "--partitions", "2");
        tool("", TOPIC_COMMAND, "--alter", "--topic", "tools", "--partitions", "3");
        assertThat(tool("", TOPIC_COMMAND, "--describe", "--topic", "tools")).contains("PartitionCount: 3");

        tool("one\ntwo\nthree\n", "org.apache.kafka.tools.ConsoleProducer", "--topic", "tools");
        assertThat(tool(
                                "",
                                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                                "--topic",
                                "tools",
                                "--group",
                                "tools-readers",
                                "--from-beginning",
                                "--max-messages",
                                "3")
                        .lines())
                .contains("one", "two", "three");
        assertThat(tool("", GROUP_COMMAND, "--describe", "--group", "tools-readers")
                        .lines()
                        .filter(line -> line.startsWith("tools-readers")))
                .hasSize(3)
                .allMatch(line -> line.matches("tools-readers\\s+tools\\s+\\d\\s+(\\d+)\\s+\\1\\s+0\\s.*"));

        tool("", TOPIC_COMMAND, "--delete", "--topic", "tools");
        assertThat(tool("", TOPIC_COMMAND, "--list").lines()).doesNotContain("tools");
    }

    @Test
    void kafkaPythonProducesConsumesAndCommits() throws Exception {
        requireProgram("kafka-python", "python3-kafka", List.of("/usr/bin/python3", "-c", "import kafka"));
        Path script =
                Path.of(ForeignClientsTest.class.getResource("/kafka_python.py").toURI());

        String output = Program.run(List.of("/usr/bin/python3", script.toString(), bootstrap), "");

        assertThat(output.lines()).containsExactly("topics True", "exact True", "committed 500");
    }

    private static void requireKcat() throws Exception {
        requireProgram("kcat", "kcat", List.of("kcat", "-V"));
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "key-" + i + "=line-" + i + "\n")
                .collect(Collectors.joining());
    }

    private static String read(String topic, String from) throws Exception {
        return kcat("", "-C", "-q", "-t", topic, "-e", "-o", from, "-f", RECORD);
    }

    private static String readInGroup(String topic) throws Exception {
        return kcat("", "-q", "-e", "-f", RECORD, "-X", "auto.offset.reset=earliest", "-G", topic + "-readers", topic);
    }

    private static long timestampOfLast(String topic) throws Exception {
        return Long.parseLong(kcat("", "-C", "-q", "-t", topic, "-e", "-o", "-1", "-f", "%T"));
    }

    private static String kcat(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", bootstrap));
        command.addAll(List.of(arguments));
        return Program.run(command, input);
    }

    private static String tool(String input, String mainClass, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", bootstrap));
        all.addAll(List.of(arguments));
        return KafkaTools.run(input, mainClass, all);
    }

    /** Skips the test, and says how to make it run, unless {@code check} does. */
    private static void requireProgram(String program, String debianPackage, List<String> check) throws Exception {
        assumeTrue(works(check), program + " is not installed: apt-get install " + debianPackage);
    }

    private static boolean works(List<String> check) throws InterruptedException {
        try {
            return Program.tryRun(check, "").exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
