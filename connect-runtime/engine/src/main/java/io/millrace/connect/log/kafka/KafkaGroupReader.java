package io.millrace.connect.log.kafka;

import io.millrace.connect.log.GroupReader;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TopicSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Reads through a consumer of its own. */
final class KafkaGroupReader implements GroupReader {

    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;

    KafkaGroupReader(Consumer<byte[], byte[]> consumer, TopicSelection topics, AssignmentListener listener) {
        this.consumer = consumer;
        ConsumerRebalanceListener adapter = new Adapter(listener);
        switch (topics) {
            case TopicSelection.Named named -> consumer.subscribe(named.topics(), adapter);
            case TopicSelection.Matching matching -> consumer.subscribe(matching.pattern(), adapter);
        }
    }

    @Override
    public List<StoredRecord> poll(Duration timeout) {
        try {
            return converted(consumer.poll(timeout));
        } catch (WakeupException e) {
            return List.of();
        } catch (KafkaException e) {
            throw Answers.failure("read", e);
        }
    }

    static List<StoredRecord> converted(ConsumerRecords<byte[], byte[]> records) {
        List<StoredRecord> converted = new ArrayList<>(records.count());
        for (TopicPartition partition : records.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                converted.add(stored(partition, record));
            }
        }
        return converted;
    }

    static StoredRecord stored(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        return new StoredRecord(
                partition,
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                new Payload(record.key(), record.value(), record.headers()));
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public Set<TopicPartition> assignment() {
        return consumer.assignment();
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return consumer.groupMetadata();
    }

    @Override
    public long position(TopicPartition partition) {
        return asked("find the position of " + partition, () -> consumer.position(partition));
    }

    @Override
    public Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        asked("fetch committed offsets", () -> consumer.committed(partitions)).forEach((partition, offset) -> {
            if (offset != null) {
                offsets.put(partition, offset.offset());
            }
        });
        return offsets;
    }

    @Override
    public OptionalLong remaining(TopicPartition partition) {
        return consumer.currentLag(partition);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        consumer.resume(partitions);
    }

    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> wanted = offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue())));
        asked("commit offsets", () -> {
            consumer.commitSync(wanted, COMMIT_TIMEOUT);
            return wanted;
        });
    }

    /** Does the call once more when a wakeup that was meant for a poll hits it. */
    static <T> T asked(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (WakeupException e) {
            return asked(what, call);
        } catch (KafkaException e) {
            throw Answers.failure(what, e);
        }
    }

    @Override
    public void close(Duration timeout) {
        try {
            consumer.close(CloseOptions.timeout(timeout));
        } catch (KafkaException e) {
            throw Answers.failure("leave the group", e);
        }
    }

    /** Hands the client's news on in the words of the log. */
    private record Adapter(AssignmentListener listener) implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                listener.assigned(new HashSet<>(partitions));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                listener.revoked(new HashSet<>(partitions));
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                listener.lost(new HashSet<>(partitions));
            }
        }
    }
}
