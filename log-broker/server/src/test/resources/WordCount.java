import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Counts words exactly once with Kafka Streams, in two lives of the application, of which the second finds no local
 * state and restores it. Arguments: the broker's address, and a directory. Prints one line per check.
 */
final class WordCount {

    private static final String LINES = "streams-lines";
    private static final String COUNTS = "streams-counts";
    private static final int WORDS = 10;
    private static final int LINES_PER_LIFE = 100;

    private final String bootstrap;
    private final Path directory;

    private WordCount(String bootstrap, Path directory) {
        this.bootstrap = bootstrap;
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        new WordCount(args[0], Path.of(args[1])).run();
    }

    private void run() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(LINES, 2, (short) 1), new NewTopic(COUNTS, 2, (short) 1)))
                    .all()
                    .get();
            live("first");
            live("second");
            System.out.println("internal topics " + admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith("word-count-"))
                    .count());
        }
    }

    /** Each line has every word once. */
    private void live(String life) throws Exception {
        produce();
        KafkaStreams streams = new KafkaStreams(topology(), settings(directory.resolve(life)));
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
            return null;
        });
        streams.start();
        int expected = life.equals("first") ? LINES_PER_LIFE : 2 * LINES_PER_LIFE;
        counts(expected * WORDS);
        streams.close(Duration.ofSeconds(30));
        Map<String, List<Long>> counts = counts(expected * WORDS);
        // Every word was counted from one on, each step once and in order.
        List<Long> steps = IntStream.rangeClosed(1, expected).mapToObj(Long::valueOf).toList();
        boolean exact = counts.size() == WORDS && counts.values().stream().allMatch(steps::equals);
        System.out.println(life + " life exact " + exact);
    }

    private void produce() {
        String line = String.join(" ", IntStream.range(0, WORDS).mapToObj(word -> "word" + word).toList());
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < LINES_PER_LIFE; i++) {
                producer.send(new ProducerRecord<>(LINES, i % 2, null, line));
            }
        }
    }

    private static Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> lines = builder.stream(LINES);
        lines.flatMapValues(line -> List.of(line.split(" ")))
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .to(COUNTS, Produced.with(Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    private Properties settings(Path state) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers", bootstrap,
                "application.id", "word-count",
                "processing.guarantee", "exactly_once_v2",
                "state.dir", state.toString(),
                "default.key.serde", Serdes.StringSerde.class,
                "default.value.serde", Serdes.StringSerde.class,
                // Every step is written down, not only the last of a while.
                "statestore.cache.max.bytes", 0,
                "commit.interval.ms", 100,
                // Streams does not leave its group: the second life waits until the first is given up.
                "consumer.session.timeout.ms", 6_000,
                "num.stream.threads", 2));
        return settings;
    }

    /** What readers of committed transactions see of each word, to the end, once there is so much. */
    private Map<String, List<Long>> counts(int countMin) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
        try (KafkaConsumer<String, Long> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(COUNTS, 0), new TopicPartition(COUNTS, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<String, List<Long>> counts = new HashMap<>();
            while (counts.values().stream().mapToInt(List::size).sum() < countMin || !isAtEnd(consumer)) {
                for (ConsumerRecord<String, Long> each : consumer.poll(Duration.ofMillis(100))) {
                    counts.computeIfAbsent(each.key(), _ -> new ArrayList<>()).add(each.value());
                }
            }
            return counts;
        }
    }

    private static boolean isAtEnd(KafkaConsumer<?, ?> consumer) {
        return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
}
