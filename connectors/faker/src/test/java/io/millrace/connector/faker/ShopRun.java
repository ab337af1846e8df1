package io.millrace.connector.faker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** Runs the task as a runtime would: offsets go in, records come out. */
final class ShopRun {

    private ShopRun() {}

    static FakerSourceTask start(Pacer.Time time, Map<String, String> config, @Nullable Map<String, ?> offset) {
        FakerSourceTask task = new FakerSourceTask(time);
        task.initialize(new Context(config, offset));
        task.start(config);
        return task;
    }

    /** Every record until the task has none left. */
    static List<SourceRecord> drain(Map<String, String> config, @Nullable Map<String, ?> offset) {
        FakerSourceTask task = start(new SimulatedTime(), config, offset);
        List<SourceRecord> all = new ArrayList<>();
        List<SourceRecord> batch = poll(task);
        while (batch != null) {
            all.addAll(batch);
            batch = poll(task);
        }
        task.stop();
        return all;
    }

    static @Nullable List<SourceRecord> poll(FakerSourceTask task) {
        try {
            return task.poll();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a table holds after the records: the last value of each key that is not deleted. */
    static Map<String, Map<Struct, Struct>> fold(List<SourceRecord> records) {
        Map<String, Map<Struct, Struct>> tables = new HashMap<>();
        records.forEach(record -> apply(tables, record));
        return tables;
    }

    static void apply(Map<String, Map<Struct, Struct>> tables, SourceRecord record) {
        Map<Struct, Struct> table = tables.computeIfAbsent(record.topic(), topic -> new LinkedHashMap<>());
        if (record.value() == null) {
            table.remove(record.key());
        } else {
            table.put((Struct) record.key(), (Struct) record.value());
        }
    }

    private record Context(
            Map<String, String> configs, @Nullable Map<String, ?> offset)
            implements SourceTaskContext, OffsetStorageReader {

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return this;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("this task has no metrics of its own");
        }

        @Override
        @SuppressWarnings("unchecked") // the interface lets the caller choose the type
        public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
            return (Map<String, Object>) offset;
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> all = new HashMap<>();
            partitions.forEach(partition -> {
                Map<String, Object> found = offset(partition);
                if (found != null) {
                    all.put(partition, Objects.requireNonNull(found));
                }
            });
            return all;
        }
    }
}
