package io.millrace.log.server;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Commits ever larger offsets of a group, and looks now and then at what is committed: it never goes back. */
final class OffsetCommitter implements Load {

    private static final int LOOK_EVERY = 10;

    private final HostPort address;
    private final TopicPartition partition;
    private final Map<String, Object> configs;
    private final Verdict.Findings found = new Verdict.Findings();
    private volatile boolean stopping;
    private volatile long confirmed;
    private long tried;
    private long confirmations;

    OffsetCommitter(HostPort address, String topic) {
        this.address = address;
        this.partition = new TopicPartition(topic, 0);
        this.configs = Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, "committer-" + topic,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    }

    @Override
    public void run() {
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(address, configs)) {
            consumer.assign(List.of(partition));
            while (!stopping) {
                commit(consumer);
                if (tried % LOOK_EVERY == 0) {
                    look(consumer);
                }
            }
        }
    }

    private void commit(KafkaConsumer<String, String> consumer) {
        tried++;
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(tried)));
            confirmed = tried;
            confirmations++;
        } catch (KafkaException e) {
            // Not known whether it is committed: the next one is larger.
        }
    }

    private void look(KafkaConsumer<String, String> consumer) {
        long committed;
        try {
            OffsetAndMetadata answer = consumer.committed(Set.of(partition)).get(partition);
            committed = answer == null ? 0 : answer.offset();
        } catch (KafkaException e) {
            return;
        }
        if (committed < confirmed || committed > tried) {
            found.lost("group of %s: %d is committed, confirmed was %d, tried %d"
                    .formatted(partition, committed, confirmed, tried));
        }
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public long acknowledged() {
        return confirmed;
    }

    @Override
    public Verdict check(HostPort at) {
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(at, configs)) {
            consumer.assign(List.of(partition));
            look(consumer);
        }
        return found.of(confirmations);
    }
}
