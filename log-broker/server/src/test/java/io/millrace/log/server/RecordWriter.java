package io.millrace.log.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer that waits for acks=all, alone on its topic, and numbers its records. In the end each record
 * that was acknowledged stands at its offset, none stands there twice, and the numbers of a partition ascend. Of a
 * compacted topic the newest record of each key counts.
 */
final class RecordWriter implements Load {

    private static final int UNDER_WAY_MAX = 300;
    private static final int PADDING_BYTES_MAX = 1_000;
    private static final int KEYS = 40;

    /** Where a record stands. */
    private record Place(int partition, long offset) {}

    private record Sent(long number, String key) {}

    /** What the broker gives in the end: all that is there, and the last record of each partition and key. */
    private record Stored(Map<Place, Long> all, Map<Integer, Long> lastOf, Map<String, Long> newestOf) {
        Stored() {
            this(new HashMap<>(), new HashMap<>(), new HashMap<>());
        }
    }

    private final HostPort address;
    private final String topic;
    private final int partitions;
    private final boolean compacted;
    private final String codec;
    private final Map<Place, Sent> acknowledged = new ConcurrentHashMap<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
    private volatile boolean stopping;

    private RecordWriter(HostPort address, String topic, int partitions, boolean compacted, String codec) {
        this.address = address;
        this.topic = topic;
        this.partitions = partitions;
        this.compacted = compacted;
        this.codec = codec;
    }

    static RecordWriter to(HostPort address, String topic, int partitions, String codec) {
        return new RecordWriter(address, topic, partitions, false, codec);
    }

    static RecordWriter toCompacted(HostPort address, String topic) {
        return new RecordWriter(address, topic, 1, true, "none");
    }

    @Override
    public void run() throws InterruptedException {
        Map<String, Object> configs = Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                codec,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                300_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                300_000);
        Random random = new Random(topic.hashCode());
        try (KafkaProducer<String, String> producer = TestClients.producer(address, configs)) {
            for (long number = 0; !stopping; number++) {
                underWay.acquire();
                Sent sent = new Sent(number, "key-" + random.nextInt(KEYS));
                String value = number + ":" + TestClients.text(random.nextInt(PADDING_BYTES_MAX), (int) number);
                int partition = (int) (number % partitions);
                var _ = producer.send(
                        new ProducerRecord<>(topic, partition, sent.key(), value),
                        (where, failure) -> done(sent, where, failure));
            }
        }
    }

    private void done(Sent sent, RecordMetadata where, @Nullable Exception failure) {
        underWay.release();
        if (failure == null) {
            acknowledged.put(new Place(where.partition(), where.offset()), sent);
        } else {
            failures.add(topic + ": record " + sent.number() + " was given up: " + failure);
        }
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public long acknowledged() {
        return acknowledged.size();
    }

    @Override
    public Verdict check(HostPort at) {
        Verdict.Findings found = new Verdict.Findings();
        failures.forEach(found::flaw);
        Stored stored = new Stored();
        TestClients.readAll(at, topic, partitions).forEach(item -> take(item, stored, found));
        acknowledged.forEach((place, sent) -> checkOne(place, sent, stored, found));
        return found.of(acknowledged.size());
    }

    private void take(ConsumerRecord<String, String> item, Stored stored, Verdict.Findings found) {
        long number = Long.parseLong(item.value().substring(0, item.value().indexOf(':')));
        Long before = stored.lastOf().put(item.partition(), number);
        if (before != null && before >= number) {
            found.flaw("%s-%d: at offset %d record %d follows record %d"
                    .formatted(topic, item.partition(), item.offset(), number, before));
        }
        stored.all().put(new Place(item.partition(), item.offset()), number);
        stored.newestOf().merge(item.key(), number, Math::max);
    }

    private void checkOne(Place place, Sent sent, Stored stored, Verdict.Findings found) {
        Long there = stored.all().get(place);
        if (there != null && there != sent.number()) {
            found.lost("%s: at %s stands record %d, acknowledged was %s".formatted(topic, place, there, sent));
        } else if (there == null && !compacted) {
            found.lost("%s: %s, acknowledged at %s, is gone; the last of its partition is %s"
                    .formatted(topic, sent, place, stored.lastOf().get(place.partition())));
        } else if (compacted && stored.newestOf().getOrDefault(sent.key(), -1L) < sent.number()) {
            found.lost("%s: %s, acknowledged at %s, is gone, and no newer one of its key is there"
                    .formatted(topic, sent, place));
        }
    }
}
