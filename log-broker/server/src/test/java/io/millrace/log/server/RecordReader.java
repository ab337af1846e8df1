package io.millrace.log.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a topic while it is written: what it was shown once stands at the same offset for ever, as nothing is shown
 * that a power cut could take. One that reads committed transactions only is never shown a record of an aborted one.
 */
final class RecordReader implements Load {

    private static final Duration POLL = Duration.ofMillis(100);

    private final HostPort address;
    private final String topic;
    private final IsolationLevel isolation;
    private final List<TopicPartition> partitions;
    private final Map<String, Integer> seen = new HashMap<>();
    private final Verdict.Findings found = new Verdict.Findings();
    private volatile boolean stopping;
    private final AtomicLong count = new AtomicLong();

    RecordReader(HostPort address, String topic, int partitions, IsolationLevel isolation) {
        this.address = address;
        this.topic = topic;
        this.isolation = isolation;
        this.partitions = TestClients.partitions(topic, partitions);
    }

    @Override
    public void run() {
        Map<String, Object> configs = Map.of(
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation.toString());
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(address, configs)) {
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
            while (!stopping) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (KafkaException e) {
            // An offset that was shown and is out of range now, above all.
            found.flaw("reader of " + topic + " cannot go on: " + e);
        }
    }

    private void take(ConsumerRecord<String, String> item) {
        Integer before = seen.put(place(item), item.value().hashCode());
        if (before != null) {
            found.flaw("reader of " + topic + " got " + place(item) + " twice");
        }
        if (isolation == IsolationLevel.READ_COMMITTED && TransactionWriter.isAborted(item.value())) {
            found.flaw("reader of " + topic + " got " + item.value());
        }
        count.incrementAndGet();
    }

    private static String place(ConsumerRecord<String, String> item) {
        return item.partition() + "@" + item.offset();
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public long acknowledged() {
        return count.get();
    }

    @Override
    public Verdict check(HostPort at) {
        Map<String, Integer> stored = new HashMap<>();
        TestClients.readAll(at, topic, partitions.size())
                .forEach(item -> stored.put(place(item), item.value().hashCode()));
        seen.forEach((place, hash) -> {
            if (!hash.equals(stored.get(place))) {
                found.lost("reader of %s was shown another record at %s".formatted(topic, place));
            }
        });
        return found.of(seen.size());
    }
}
