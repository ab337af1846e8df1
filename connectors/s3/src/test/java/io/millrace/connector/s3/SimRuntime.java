package io.millrace.connector.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * What a sink task sees of a runtime: a log that is polled and rewound, redelivery after a {@link RetriableException},
 * a group that remembers offsets, and an end without warning. One thread, and a clock that is moved by hand.
 */
final class SimRuntime {

    final Map<TopicPartition, List<SinkRecord>> log = new HashMap<>();
    final Map<TopicPartition, Long> committed = new HashMap<>();
    final List<String> reported = new ArrayList<>();
    long nowMillis = 1_000_000;

    private final Map<String, String> config;
    private final Function<S3SinkConfig, ObjectStore> stores;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> rewinds = new HashMap<>();
    private List<SinkRecord> redelivery = List.of();
    private boolean deadLetters;
    private long timeoutMillis = -1;
    private int commitsRequested;
    private @Nullable S3SinkTask task;

    SimRuntime(Map<String, String> config, Function<S3SinkConfig, ObjectStore> stores) {
        this.config = config;
        this.stores = stores;
    }

    SimRuntime(Map<String, String> config) {
        this(config, S3SinkTask::store);
    }

    SimRuntime withDeadLetters() {
        deadLetters = true;
        return this;
    }

    /** Appends to the log; the offsets of a partition need not be dense. */
    SimRuntime append(SinkRecord... records) {
        return append(List.of(records));
    }

    SimRuntime append(List<SinkRecord> records) {
        for (SinkRecord record : records) {
            log.computeIfAbsent(partitionOf(record), key -> new ArrayList<>()).add(record);
        }
        return this;
    }

    SimRuntime start() {
        task = new S3SinkTask(() -> Instant.ofEpochMilli(nowMillis), stores);
        redelivery = List.of();
        rewinds.clear();
        positions.clear();
        log.keySet().forEach(partition -> positions.put(partition, committed.getOrDefault(partition, 0L)));
        task.initialize(new Context());
        task.start(config);
        task.open(log.keySet());
        return this;
    }

    /** One poll of at most {@code most} records of each partition, and one put of what it gave. */
    void poll(int most) {
        rewinds.forEach(positions::put);
        rewinds.clear();
        List<SinkRecord> batch = redelivery;
        if (batch.isEmpty()) {
            batch = ahead(most);
            batch.forEach(record -> positions.put(partitionOf(record), record.kafkaOffset() + 1));
        }
        redelivery = batch;
        task().put(batch);
        redelivery = List.of();
    }

    /** Polls until the log is at its end, and commits. */
    void drain() {
        for (int i = 0; i < 10_000; i++) {
            poll(Integer.MAX_VALUE);
            if (rewinds.isEmpty() && ahead(1).isEmpty()) {
                commit();
                return;
            }
        }
        throw new AssertionError("The log does not come to its end");
    }

    void commit() {
        Map<TopicPartition, OffsetAndMetadata> current = new HashMap<>();
        positions.forEach((partition, offset) -> current.put(partition, new OffsetAndMetadata(offset)));
        task().preCommit(current).forEach((partition, offset) -> committed.put(partition, offset.offset()));
    }

    /** The end without warning: nothing of the task is called any more. */
    void crash() {
        task = null;
    }

    void shutDown() {
        commit();
        task().close(log.keySet());
        task().stop();
        task = null;
    }

    /** Where the task asked the log to go on, and the log has not yet. */
    Map<TopicPartition, Long> rewinds() {
        return rewinds;
    }

    int commitsRequested() {
        return commitsRequested;
    }

    long timeoutMillis() {
        return timeoutMillis;
    }

    S3SinkTask task() {
        return Objects.requireNonNull(task);
    }

    private List<SinkRecord> ahead(int most) {
        List<SinkRecord> batch = new ArrayList<>();
        log.forEach((partition, records) -> {
            long from = positions.getOrDefault(partition, 0L);
            records.stream()
                    .filter(record -> record.kafkaOffset() >= from)
                    .limit(most)
                    .forEach(batch::add);
        });
        return batch;
    }

    private static TopicPartition partitionOf(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }

    private final class Context implements SinkTaskContext {

        @Override
        public Map<String, String> configs() {
            return config;
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            rewinds.putAll(offsets);
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            rewinds.put(partition, offset);
        }

        @Override
        public void timeout(long millis) {
            timeoutMillis = millis;
        }

        @Override
        public Set<TopicPartition> assignment() {
            return new HashSet<>(log.keySet());
        }

        @Override
        public void pause(TopicPartition... partitions) {
            throw new UnsupportedOperationException("This sink does not pause");
        }

        @Override
        public void resume(TopicPartition... partitions) {
            throw new UnsupportedOperationException("This sink does not pause");
        }

        @Override
        public void requestCommit() {
            commitsRequested++;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("This sink has no metrics of its own");
        }

        @Override
        public @Nullable ErrantRecordReporter errantRecordReporter() {
            return deadLetters
                    ? (record, error) ->
                            CompletableFuture.runAsync(() -> reported.add(error.getMessage()), Runnable::run)
                    : null;
        }
    }
}
