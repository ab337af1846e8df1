package io.millrace.log.server;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What an application does with Kafka's client, in nothing but what 2.8 has as well: for class loaders that have a
 * client of another version than ours, and only it. Names of topics and groups begin with the name.
 */
public final class JavaClient {

    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int RECORDS_PER_CODEC = 100;
    private static final int PARTITIONS = 2;

    private final String bootstrap;
    private final String name;

    private JavaClient(String bootstrap, String name) {
        this.bootstrap = bootstrap;
        this.name = name;
    }

    /** Fails with an exception if anything is not as it should be; gives the client's version. */
    public static String run(String bootstrap, String name, List<String> groupProtocols) throws Exception {
        JavaClient client = new JavaClient(bootstrap, name);
        client.createTopics();
        List<byte[]> sent = client.produce();
        for (String protocol : groupProtocols) {
            client.consume(sent, protocol);
        }
        client.copyInTransactions();
        return version();
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = JavaClient.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private void createTopics() throws Exception {
        try (Admin admin = Admin.create(configs(Map.of()))) {
            NewTopic records = new NewTopic(name, PARTITIONS, (short) 1);
            NewTopic copy = new NewTopic(name + "-copy", 1, (short) 1);
            admin.createTopics(List.of(records, copy)).all().get();
            check(admin.listTopics().names().get().containsAll(Set.of(name, name + "-copy")), "topics");
        }
    }

    private List<byte[]> produce() throws Exception {
        Random random = new Random(1);
        List<byte[]> sent = new ArrayList<>();
        for (String codec : CODECS) {
            try (KafkaProducer<byte[], byte[]> producer =
                    producer(Map.of("acks", "all", "compression.type", codec, "linger.ms", 5))) {
                List<Future<RecordMetadata>> results = new ArrayList<>();
                for (int i = 0; i < RECORDS_PER_CODEC; i++) {
                    byte[] value = new byte[random.nextInt(2_000)];
                    // Half of it compresses well.
                    random.nextBytes(value);
                    Arrays.fill(value, value.length / 2, value.length, (byte) i);
                    sent.add(value);
                    results.add(producer.send(new ProducerRecord<>(name, i % PARTITIONS, null, value)));
                }
                for (Future<RecordMetadata> result : results) {
                    check(result.get().hasOffset(), "acknowledged");
                }
            }
        }
        return sent;
    }

    /** Two members of a group, one after the other: the second begins where the first has committed. */
    private void consume(List<byte[]> sent, String protocol) {
        Map<String, Object> group = new HashMap<>(Map.of("group.id", name + "-" + protocol, "max.poll.records", 50));
        if (!protocol.equals("classic")) {
            group.put("group.protocol", protocol);
        }
        List<byte[]> read = new ArrayList<>();
        for (int count : List.of(sent.size() / 2, sent.size())) {
            try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
                consumer.subscribe(List.of(name));
                pollTo(count, consumer, read);
                consumer.commitSync();
            }
        }
        check(same(sent, read), "the group of " + protocol + " read what was sent, each once");
    }

    private void copyInTransactions() {
        Map<String, Object> group = Map.of("group.id", name + "-copiers", "max.poll.records", 10);
        TopicPartition source = new TopicPartition(name, 0);
        List<byte[]> copied = new ArrayList<>();
        List<byte[]> aborted = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", name));
                KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            producer.initTransactions();
            consumer.assign(List.of(source));
            for (int transaction = 0; transaction < 10; transaction++) {
                boolean commits = transaction % 2 == 0;
                List<byte[]> values = new ArrayList<>();
                producer.beginTransaction();
                pollTo(1, consumer, values);
                for (byte[] value : values) {
                    var _ = producer.send(new ProducerRecord<>(name + "-copy", value));
                }
                OffsetAndMetadata next = new OffsetAndMetadata(consumer.position(source));
                producer.sendOffsetsToTransaction(Map.of(source, next), consumer.groupMetadata());
                if (commits) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                    consumer.seek(source, committed(consumer, source));
                }
                (commits ? copied : aborted).addAll(values);
                check(committed(consumer, source) == copied.size(), "committed offset");
            }
        }
        check(same(copied, readCopy("read_committed", copied.size())), "committed records");
        copied.addAll(aborted);
        check(same(copied, readCopy("read_uncommitted", copied.size())), "aborted records");
    }

    private static long committed(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
        return Objects.requireNonNull(consumer.committed(Set.of(partition)).get(partition))
                .offset();
    }

    /** To the end, so that there is not one too many. */
    private List<byte[]> readCopy(String isolation, int count) {
        TopicPartition copy = new TopicPartition(name + "-copy", 0);
        List<byte[]> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of("isolation.level", isolation))) {
            consumer.assign(List.of(copy));
            pollTo(count, consumer, read);
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(copy)).get(copy));
            while (consumer.position(copy) < end) {
                pollTo(read.size(), consumer, read);
            }
        }
        return read;
    }

    /** Polls at least once. */
    private static void pollTo(int count, KafkaConsumer<byte[], byte[]> consumer, List<byte[]> values) {
        do {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(100))) {
                values.add(each.value());
            }
        } while (values.size() < count);
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
        List<byte[]> left = some.stream().sorted(Arrays::compare).toList();
        List<byte[]> right = others.stream().sorted(Arrays::compare).toList();
        return left.size() == right.size()
                && IntStream.range(0, left.size()).allMatch(i -> Arrays.equals(left.get(i), right.get(i)));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        return new KafkaProducer<>(configs(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> all = configs(more);
        all.put("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", false);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> configs(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("bootstrap.servers", bootstrap);
        return all;
    }

    private static void check(boolean fact, String what) {
        if (!fact) {
            throw new AssertionError("not so: " + what);
        }
    }
}
