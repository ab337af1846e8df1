package io.millrace.log.server;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/** A member of a group on a thread of its own: reads, commits now waiting and now not, and tells a ledger of it. */
final class GroupReader implements ConsumerRebalanceListener {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int SYNC_EVERY = 5;

    private final String name;
    private final GroupLedger ledger;
    private final KafkaConsumer<String, String> consumer;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Thread thread;
    private volatile boolean stopping;

    GroupReader(String name, HostPort address, Map<String, Object> configs, List<String> topics, GroupLedger ledger) {
        this.name = name;
        this.ledger = ledger;
        Map<String, Object> all = new HashMap<>(configs);
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
        all.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        consumer = TestClients.consumer(address, all);
        consumer.subscribe(topics, this);
        thread = Thread.ofPlatform().name(name).start(this::run);
    }

    private void run() {
        try (consumer) {
            for (int round = 1; !stopping; round++) {
                consumer.poll(POLL).forEach(this::read);
                if (round % SYNC_EVERY == 0) {
                    commit();
                } else {
                    consumer.commitAsync((_, _) -> {});
                }
            }
            commit();
        } catch (RuntimeException e) {
            ledger.failed(name, e);
        }
    }

    private void read(ConsumerRecord<String, String> record) {
        ledger.read(name, record);
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    /** What cannot be committed now is read again, by whoever has the partition then. */
    private void commit() {
        try {
            Map<TopicPartition, Long> readSoFar = Map.copyOf(next);
            consumer.commitSync();
            ledger.committed(readSoFar);
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        ledger.assigned(name, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        commit();
        next.keySet().removeAll(partitions);
        ledger.givenUp(name, partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        next.keySet().removeAll(partitions);
        ledger.lost(name, partitions);
    }

    /** Leaves the group, for good unless it is a static member. */
    void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
