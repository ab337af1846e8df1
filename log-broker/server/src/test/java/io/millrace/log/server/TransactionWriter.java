package io.millrace.log.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A transactional producer, alone on its topic, that commits most of its transactions and aborts the others. In the end
 * one that reads committed transactions only finds every record of those that were committed, once, and none of those
 * that were aborted; of one whose end the producer never learnt of, all or nothing.
 */
final class TransactionWriter implements Load {

    private static final int RECORDS_MAX = 12;
    private static final int ABORTS_ONE_OF = 4;
    private static final String ABORTED = "aborted";

    private final HostPort address;
    private final String topic;
    private final int partitions;
    private final Random random;
    /** The number of records of each transaction. */
    private final Map<Long, Integer> committed = new HashMap<>();

    private final Map<Long, Integer> unknown = new HashMap<>();
    private volatile boolean stopping;
    private final AtomicLong confirmed = new AtomicLong();

    TransactionWriter(HostPort address, String topic, int partitions) {
        this.address = address;
        this.topic = topic;
        this.partitions = partitions;
        this.random = new Random(topic.hashCode());
    }

    /** Whether a record with this value must not be shown to those who read committed transactions only. */
    static boolean isAborted(String value) {
        return value.startsWith(ABORTED);
    }

    @Override
    public void run() {
        long next = 0;
        while (!stopping) {
            next = live(next);
        }
    }

    /** One life of the producer, from {@code first} on; gives the number of the transaction that is next. */
    private long live(long first) {
        Map<String, Object> configs = Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, "writer-" + topic,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 300_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000);
        long number = first;
        try (KafkaProducer<String, String> producer = TestClients.producer(address, configs)) {
            producer.initTransactions();
            while (!stopping) {
                transaction(producer, number++);
            }
        } catch (KafkaException e) {
            // The producer has to begin anew; what it left open is ended when it does.
        }
        return number;
    }

    private void transaction(KafkaProducer<String, String> producer, long number) {
        boolean aborts = random.nextInt(ABORTS_ONE_OF) == 0;
        int count = 1 + random.nextInt(RECORDS_MAX);
        producer.beginTransaction();
        for (int i = 0; i < count; i++) {
            String value = (aborts ? ABORTED : "committed") + ":" + number + ":" + i;
            var _ = producer.send(new ProducerRecord<>(topic, random.nextInt(partitions), null, value));
        }
        if (aborts) {
            producer.flush();
            producer.abortTransaction();
            return;
        }
        unknown.put(number, count);
        producer.commitTransaction();
        unknown.remove(number);
        committed.put(number, count);
        confirmed.addAndGet(count);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public long acknowledged() {
        return confirmed.get();
    }

    @Override
    public Verdict check(HostPort at) {
        Verdict.Findings found = new Verdict.Findings();
        Map<Long, List<String>> stored = new HashMap<>();
        for (String value : committedValues(at)) {
            if (isAborted(value)) {
                found.flaw("%s: %s is shown, and was aborted".formatted(topic, value));
            } else {
                stored.computeIfAbsent(Long.valueOf(value.split(":")[1]), ignored -> new ArrayList<>())
                        .add(value);
            }
        }
        stored.forEach((number, values) -> {
            if (values.stream().distinct().count() != values.size()) {
                found.flaw("%s: of transaction %d there is more than it wrote: %s".formatted(topic, number, values));
            }
        });
        committed.forEach((number, count) -> {
            int there = stored.getOrDefault(number, List.of()).size();
            if (there != count) {
                found.lost("%s: of transaction %d, committed with %d records, %d are there"
                        .formatted(topic, number, count, there));
            }
        });
        unknown.forEach((number, count) -> {
            int there = stored.getOrDefault(number, List.of()).size();
            if (there != 0 && there != count) {
                found.flaw(
                        "%s: of transaction %d with %d records, %d are there".formatted(topic, number, count, there));
            }
        });
        return found.of(confirmed.get());
    }

    private List<String> committedValues(HostPort at) {
        Map<String, Object> configs = Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<TopicPartition> all = TestClients.partitions(topic, partitions);
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(at, configs)) {
            return TestClients.values(TestClients.readAll(consumer, all));
        }
    }
}
