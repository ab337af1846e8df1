package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own kafka-dump-log reads what the broker has stored, and finds every index true. */
class DumpLogTest {

    private static final String DUMP = "org.apache.kafka.tools.DumpLogSegments";
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final String COMPACTED = "compacted";
    private static final String STAMPED = "stamped";
    private static final String OFFSETS = "__consumer_offsets";
    private static final int RECORDS = 3_000;
    private static final int VALUE_BYTES = 1_000;
    private static final int KEYS = 1_000;

    /**
     * What the tool says of a file that is not as it should be; it ends with 0 all the same. That -1 is followed by the
     * first offset, it says of every segment that does not begin at 0, also of Kafka's own.
     */
    private static final Pattern COMPLAINT = Pattern.compile(
            "(?i)mismatch|not found|out of order|corrupt|[0-9] is followed by|isvalid: false|unknown file");

    private static final String FIRST_OFFSET = "  -1 is followed by ";

    @TempDir
    static Path directory;

    @BeforeAll
    static void writeAndStop() throws Exception {
        KafkaTools.require();
        try (Broker broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")))) {
            createTopics(broker);
            for (String codec : CODECS) {
                write(broker, codec, codec, RECORDS);
            }
            write(broker, STAMPED, "lz4", RECORDS);
            write(broker, COMPACTED, "zstd", RECORDS / 2);
            write(broker, COMPACTED, "none", RECORDS / 2);
            commit(broker);
            Path cleaned = directory.resolve(COMPACTED + "-0").resolve("cleaner-checkpoint");
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(cleaned) && cleanedSomething(cleaned));
        }
    }

    private static boolean cleanedSomething(Path checkpoint) throws IOException {
        return Files.readAllLines(checkpoint).stream()
                .anyMatch(line -> line.startsWith("cleaned ") && !line.equals("cleaned 0"));
    }

    private static void createTopics(Broker broker) throws Exception {
        Map<String, String> small = Map.of("segment.bytes", "1048576", "index.interval.bytes", "2048");
        List<NewTopic> topics = new ArrayList<>();
        CODECS.forEach(codec -> topics.add(new NewTopic(codec, 1, (short) 1).configs(small)));
        topics.add(new NewTopic(STAMPED, 1, (short) 1).configs(with(small, "message.timestamp.type", "LogAppendTime")));
        topics.add(new NewTopic(COMPACTED, 1, (short) 1)
                .configs(with(with(small, "cleanup.policy", "compact"), "min.cleanable.dirty.ratio", "0.01")));
        try (Admin admin = TestClients.admin(broker)) {
            admin.createTopics(topics).all().get();
        }
    }

    private static Map<String, String> with(Map<String, String> configs, String key, String value) {
        Map<String, String> all = new TreeMap<>(configs);
        all.put(key, value);
        return all;
    }

    /** Values that no codec makes small; keys that come again. */
    private static void write(Broker broker, String topic, String codec, int records) throws Exception {
        Random random = new Random(1);
        Map<String, Object> configs =
                Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec, ProducerConfig.LINGER_MS_CONFIG, 1);
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, configs)) {
            List<Future<RecordMetadata>> results = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                String value = random.ints(VALUE_BYTES, ' ', '~')
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
                results.add(producer.send(new ProducerRecord<>(topic, "key-" + random.nextInt(KEYS), value)));
            }
            for (Future<RecordMetadata> result : results) {
                result.get();
            }
        }
    }

    private static void commit(Broker broker) {
        Map<String, Object> group = Map.of(ConsumerConfig.GROUP_ID_CONFIG, "dumped-readers");
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(broker, group)) {
            consumer.subscribe(List.of("none"));
            TestClients.poll(consumer, RECORDS);
            consumer.commitSync();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd", STAMPED})
    void readsEveryRecordOfEverySegment(String topic) throws Exception {
        List<Path> segments = files(topic + "-0", ".log");

        String output = dump(segments, "--deep-iteration");

        assertThat(segments).hasSizeGreaterThan(2);
        assertThat(complaints(output)).isEmpty();
        assertThat(output.lines().filter(line -> line.startsWith("| offset: "))).hasSize(RECORDS);
        assertThat(output.lines().filter(line -> line.startsWith("baseOffset: ")))
                .isNotEmpty()
                .allMatch(line -> line.contains("isvalid: true") && line.contains("compresscodec: " + codec(topic)));
        ClientCheck.DUMP_RECORDS.passed(KafkaTools.VERSION);
    }

    private static String codec(String topic) {
        return topic.equals(STAMPED) ? "lz4" : topic;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd", STAMPED, COMPACTED, OFFSETS})
    void findsEveryIndexTrue(String topic) throws Exception {
        List<Path> indexes = files(partitionOf(topic), ".index", ".timeindex");

        String sane = dump(indexes, "--index-sanity-check");
        String verified = dump(indexes, "--verify-index-only");
        String printed = dump(indexes);

        assertThat(sane.lines().filter(line -> line.endsWith("passed sanity check.")))
                .hasSameSizeAs(indexes);
        assertThat(List.of(sane, verified, printed))
                .allSatisfy(output -> assertThat(complaints(output)).isEmpty());
        assertThat(printed).contains("offset: ").contains("position: ").contains("timestamp: ");
        ClientCheck.DUMP_INDEXES.passed(KafkaTools.VERSION);
    }

    @Test
    void readsACompactedTopic() throws Exception {
        String output = dump(files(COMPACTED + "-0", ".log"), "--print-data-log");

        // Offsets that compaction has taken out are told of, as they are of Kafka's own files.
        assertThat(complaints(output)).isNotEmpty().allMatch(line -> line.contains(" is followed by "));
        assertThat(output.lines().filter(line -> line.startsWith("| offset: ")).count())
                .isBetween((long) KEYS / 2, RECORDS - 1L);
        assertThat(output).containsPattern("key: key-\\d+ payload: ");
    }

    @Test
    void readsCommittedOffsets() throws Exception {
        String output = dump(files(partitionOf(OFFSETS), ".log"), "--offsets-decoder");

        assertThat(complaints(output)).isEmpty();
        assertThat(output)
                .contains("\"group\":\"dumped-readers\"")
                .contains("\"topic\":\"none\"")
                .contains("\"offset\":" + RECORDS)
                .contains("\"protocolType\":\"consumer\"");
    }

    @Test
    void readsSnapshotsOfProducers() throws Exception {
        String output = dump(files("none-0", ".snapshot"));

        assertThat(complaints(output)).isEmpty();
        assertThat(output).contains("producerId: ").contains("lastSequence: " + (RECORDS - 1));
        ClientCheck.DUMP_SNAPSHOTS.passed(KafkaTools.VERSION);
    }

    private static List<String> complaints(String output) {
        return output.lines()
                .filter(line -> COMPLAINT.matcher(line).find() && !line.startsWith(FIRST_OFFSET))
                .toList();
    }

    /** The directory of the partition that holds the records of the group, or the topic's only one. */
    private static String partitionOf(String topic) throws IOException {
        if (!topic.equals(OFFSETS)) {
            return topic + "-0";
        }
        try (Stream<Path> all = Files.list(directory)) {
            for (String name : all.map(path -> directory.relativize(path).toString())
                    .filter(name -> name.startsWith(OFFSETS))
                    .toList()) {
                if (files(name, ".log").getFirst().toFile().length() > 0) {
                    return name;
                }
            }
        }
        throw new AssertionError("no partition of " + OFFSETS + " holds a record");
    }

    private static List<Path> files(String partition, String... suffixes) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve(partition))) {
            return all.filter(file -> Stream.of(suffixes)
                            .anyMatch(suffix -> file.getFileName().toString().endsWith(suffix)))
                    .sorted()
                    .toList();
        }
    }

    private static String dump(List<Path> files, String... options) throws Exception {
        String list = files.stream().map(Path::toString).collect(Collectors.joining(","));
        List<String> arguments = new ArrayList<>(List.of("--files", list));
        arguments.addAll(List.of(options));
        return KafkaTools.run("", DUMP, arguments);
    }
}
