package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Other people's clients against a running broker. A test whose client is missing is skipped and says so;
 * {@code .ci/run} installs them all. Each has topics of its own, and most of them wait more than they work: they run
 * side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
class ForeignClientsTest {

    private static final String PYTHON = "/usr/bin/python3";
    private static final Path KAFKAJS = Path.of("target/kafkajs/node_modules/kafkajs");
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    /** How kcat prints a record. */
    private static final String RECORD = "%k=%s\\n";

    private static final Pattern KCAT_VERSION = Pattern.compile("Version (\\S+) .*librdkafka (\\S+) ");

    @TempDir
    static Path directory;

    private static Broker broker;
    private static String bootstrap;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerConfig.of(directory.resolve("broker"), HostPort.parse("127.0.0.1:0")));
        bootstrap = broker.listenAddress().toString();
    }

    @AfterAll
    static void stop() {
        assertThat(broker.failure()).isNotDone();
        broker.close();
    }

    @Test
    void theReportHasALineForEveryCheck() throws Exception {
        assumeFalse(ConformanceReport.isWritten(), "the report is being written");
        ClientCheck.holdReport();
    }

    @Test
    void kafkasOwnClients() throws Exception {
        KafkaTools.require();

        String version = javaClient(KafkaTools.JARS, "clients", List.of("classic", "consumer"));

        assertThat(version).isEqualTo(KafkaTools.VERSION);
        ClientCheck.CLIENTS.passed(version);
    }

    @Test
    void kafkasClientsOfOld() throws Exception {
        KafkaTools.require();

        String version = javaClient(KafkaTools.OLD_CLIENT, "old-clients", List.of("classic"));

        assertThat(version).startsWith("2.8.");
        ClientCheck.OLD_CLIENTS.passed(version);
    }

    /** Loads the client from the directory, and codecs from that of the peer. */
    private static String javaClient(Path jars, String name, List<String> groupProtocols) throws Exception {
        List<URL> urls = new ArrayList<>(jars(jars, "kafka-clients"));
        for (String library : List.of("slf4j-api", "lz4-java", "snappy-java", "zstd-jni")) {
            urls.addAll(jars(KafkaTools.JARS, library));
        }
        urls.add(JavaClient.class.getProtectionDomain().getCodeSource().getLocation());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            return (String) loader.loadClass(JavaClient.class.getName())
                    .getMethod("run", String.class, String.class, List.class)
                    .invoke(null, bootstrap, name, groupProtocols);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static List<URL> jars(Path directory, String library) throws Exception {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path jar : files.filter(file -> file.getFileName().toString().startsWith(library + "-"))
                    .toList()) {
                urls.add(jar.toUri().toURL());
            }
        }
        assertThat(urls).as(library).hasSize(1);
        return urls;
    }

    @Test
    void kcatReadsBackWhatItWrote() throws Exception {
        requireKcat();
        String lines = lines(0, 1_000);

        for (String codec : CODECS) {
            String topic = "kcat-" + codec;
            kcat(lines, "-P", "-t", topic, "-K", "=", "-z", codec);

            assertThat(read(topic, "beginning")).isEqualTo(lines);
            assertThat(read(topic, "-5")).isEqualTo(lines(995, 1_000));
            assertThat(kcat("", "-L", "-t", topic)).contains("topic \"" + topic + "\" with 1 partitions");
        }
        ClientCheck.KCAT_CODECS.passed(kcatVersion());
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
        ClientCheck.KCAT_TIMES.passed(kcatVersion());
    }

    @Test
    void kcatGoesOnWhereItsGroupCommitted() throws Exception {
        requireKcat();
        kcat(lines(0, 1_000), "-P", "-t", "shared", "-K", "=");
        assertThat(readInGroup("shared")).isEqualTo(lines(0, 1_000));
        kcat(lines(1_000, 1_010), "-P", "-t", "shared", "-K", "=");
        assertThat(readInGroup("shared")).isEqualTo(lines(1_000, 1_010));
        ClientCheck.KCAT_GROUP.passed(kcatVersion());
    }

    @Test
    void kcatWritesInATransaction() throws Exception {
        requireKcat();
        for (int from = 0; from < 200; from += 100) {
            kcat(lines(from, from + 100), "-P", "-t", "transacted", "-K", "=", "-X", "transactional.id=kcat");
        }

        assertThat(read("transacted", "beginning")).isEqualTo(lines(0, 200));
        // Each transaction has left a mark at its end.
        assertThat(kcat("", "-Q", "-t", "transacted:0:-1")).contains("offset 202");
        ClientCheck.KCAT_TRANSACTION.passed(kcatVersion());
    }

    @Test
    void confluentKafkaPython() throws Exception {
        requireProgram(
                "confluent-kafka-python", "python3-confluent-kafka", List.of(PYTHON, "-c", "import confluent_kafka"));

        List<String> output = script(PYTHON, "confluent_kafka_python.py", bootstrap);

        assertThat(output.subList(1, output.size()))
                .containsExactly(
                        "topics True",
                        "acknowledged True",
                        "exact True",
                        "committed 100",
                        "read_committed True",
                        "read_uncommitted True");
        ClientCheck.CONFLUENT_PYTHON.passed(version(output));
    }

    @Test
    void kafkaPython() throws Exception {
        requireProgram("kafka-python", "python3-kafka", List.of(PYTHON, "-c", "import kafka"));

        List<String> output = script(PYTHON, "kafka_python.py", bootstrap);

        assertThat(output.subList(1, output.size()))
                .containsExactly("topics True", "part True", "exact True", "committed 500");
        ClientCheck.KAFKA_PYTHON.passed(version(output));
    }

    @Test
    void kafkajs() throws Exception {
        requireProgram("node", "nodejs", List.of("node", "--version"));
        assumeTrue(
                Files.isDirectory(KAFKAJS),
                "kafkajs is not installed: npm install --prefix log-broker/server/target/kafkajs kafkajs");

        List<String> output =
                script("node", "kafkajs.js", bootstrap, KAFKAJS.toAbsolutePath().toString());

        assertThat(output.subList(1, output.size()))
                .containsExactly(
                        "topics true",
                        "exact true",
                        "committed 200",
                        "committed 20",
                        "read_committed true",
                        "read_uncommitted true");
        ClientCheck.KAFKAJS.passed(version(output));
    }

    @Test
    void kafkaStreamsCountsExactlyOnce() throws Exception {
        KafkaTools.require();
        List<String> arguments = List.of(bootstrap, directory.resolve("streams").toString());

        List<String> output = KafkaTools.run("", resource("WordCount.java"), arguments)
                .lines()
                .toList();

        assertThat(output).contains("first life exact true", "second life exact true", "internal topics 2");
        ClientCheck.STREAMS.passed(KafkaTools.VERSION);
    }

    private static List<String> script(String interpreter, String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(interpreter, resource(name)));
        command.addAll(List.of(arguments));
        return Program.run(command, "").lines().toList();
    }

    private static String resource(String name) throws Exception {
        return Path.of(ForeignClientsTest.class.getResource("/" + name).toURI()).toString();
    }

    private static String version(List<String> output) {
        assertThat(output.getFirst()).startsWith("version ");
        return output.getFirst().substring("version ".length());
    }

    private static String kcatVersion() throws Exception {
        Matcher said = KCAT_VERSION.matcher(Program.run(List.of("kcat", "-V"), ""));
        assertThat(said.find()).isTrue();
        return said.group(1) + ", librdkafka " + said.group(2);
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

    /** Skips the test, and says how to make it run, unless {@code check} does. */
    private static void requireProgram(String program, String debianPackage, List<String> check) throws Exception {
        assumeTrue(Program.works(check), program + " is not installed: apt-get install " + debianPackage);
    }
}
