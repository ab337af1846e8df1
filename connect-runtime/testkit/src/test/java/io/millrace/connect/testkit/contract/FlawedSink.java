package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A list that can keep offsets, and a connector that writes it rightly, or wrongly in one way. */
final class FlawedSink implements SinkSystem {

    private final Flaw flaw;
    private final List<String> list = new ArrayList<>();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    /** What the connector gets wrong. */
    enum Flaw {
        /** Nothing: writes at each put, and may repeat. */
        NONE(false),
        /** Nothing: writes records and offsets together. */
        NONE_WITH_OFFSETS(true),
        /** Writes at each third flush, and always says that everything delivered is safe. */
        SAFE_BEFORE_WRITTEN(false),
        /** Writes at each third flush, and still knows records of a partition that it dropped when it lost that. */
        SKIPS_WHAT_IT_DROPPED(false),
        /** Keeps offsets, but moves them before it writes. */
        OFFSETS_BEFORE_RECORDS(true),
        /** Keeps offsets, but moves them after it has written. */
        OFFSETS_AFTER_RECORDS(true),
        /** Keeps no offsets, and yet declares that nothing comes twice. */
        NO_OFFSETS_BUT_DECLARES_ONCE(true);

        final boolean declared;

        Flaw(boolean declared) {
            this.declared = declared;
        }

        boolean buffers() {
            return this == SAFE_BEFORE_WRITTEN || this == SKIPS_WHAT_IT_DROPPED;
        }

        boolean keepsOffsets() {
            return this == NONE_WITH_OFFSETS || this == OFFSETS_BEFORE_RECORDS || this == OFFSETS_AFTER_RECORDS;
        }
    }

    FlawedSink(Flaw flaw) {
        this.flaw = flaw;
    }

    @Override
    public SinkConnector connector() {
        return new ListConnector();
    }

    @Override
    public SinkTask task() {
        return new ListTask();
    }

    @Override
    public Map<String, String> config() {
        return Map.of("name", "list");
    }

    @Override
    public SinkRecord record(TopicPartition partition, long offset) {
        return new SinkRecord(
                partition.topic(),
                partition.partition(),
                null,
                null,
                Schema.STRING_SCHEMA,
                SinkSystem.id(partition, offset),
                offset,
                0L,
                TimestampType.CREATE_TIME);
    }

    @Override
    public List<String> target() {
        return list;
    }

    @Override
    public boolean exactlyOnce() {
        return flaw.declared;
    }

    @Override
    public void close() {}

    private static TopicPartition partitionOf(SinkRecord record) {
        return new TopicPartition(record.topic(), record.kafkaPartition());
    }

    /** Has one task. */
    private static final class ListConnector extends SinkConnector {

        @Override
        public void start(Map<String, String> config) {}

        @Override
        public Class<? extends Task> taskClass() {
            return ListTask.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(Map.of());
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Writes the list of the system that made it. */
    private final class ListTask extends SinkTask {

        private final List<SinkRecord> buffer = new ArrayList<>();
        private final Map<TopicPartition, Long> seen = new HashMap<>();
        private int flushes;

        @Override
        public void start(Map<String, String> config) {}

        @Override
        public void open(Collection<TopicPartition> partitions) {
            offsets.forEach((partition, offset) -> {
                if (partitions.contains(partition)) {
                    context.offset(partition, offset);
                }
            });
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            if (flaw.buffers()) {
                records.stream().filter(this::isNew).forEach(buffer::add);
            } else if (flaw == Flaw.NONE_WITH_OFFSETS) {
                List<SinkRecord> whole = List.copyOf(records);
                whole.forEach(this::write);
                whole.forEach(this::move);
            } else {
                records.forEach(flaw == Flaw.OFFSETS_BEFORE_RECORDS ? this::move : record -> {});
                records.forEach(this::write);
                records.forEach(flaw == Flaw.OFFSETS_AFTER_RECORDS ? this::move : record -> {});
            }
        }

        private boolean isNew(SinkRecord record) {
            Long last = flaw == Flaw.SKIPS_WHAT_IT_DROPPED ? seen.put(partitionOf(record), record.kafkaOffset()) : null;
            return last == null || last < record.kafkaOffset();
        }

        private void write(SinkRecord record) {
            if (!flaw.keepsOffsets() || record.kafkaOffset() >= offset(partitionOf(record)) || ahead(record)) {
                list.add(String.valueOf(record.value()));
            }
        }

        private long offset(TopicPartition partition) {
            return offsets.getOrDefault(partition, 0L);
        }

        /** Whether its own batch has moved the offset already. */
        private boolean ahead(SinkRecord record) {
            return flaw == Flaw.OFFSETS_BEFORE_RECORDS && !list.contains(record.value());
        }

        private void move(SinkRecord record) {
            offsets.merge(partitionOf(record), record.kafkaOffset() + 1, Math::max);
        }

        @Override
        public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
            if (flaw.buffers() && ++flushes % 3 == 0) {
                buffer.forEach(this::write);
                buffer.clear();
            }
            return flaw == Flaw.SKIPS_WHAT_IT_DROPPED && !buffer.isEmpty() ? Map.of() : current;
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            buffer.removeIf(record -> partitions.contains(partitionOf(record)));
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
    }
}
