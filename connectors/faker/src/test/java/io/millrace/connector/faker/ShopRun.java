package io.millrace.connector.faker;

import io.millrace.connect.testkit.contract.SimSourceContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Runs the task as a runtime would: offsets go in, records come out. */
final class ShopRun {

    private ShopRun() {}

    static FakerSourceTask start(Pacer.Time time, Map<String, String> config, @Nullable Map<String, ?> offset) {
        FakerSourceTask task = new FakerSourceTask(time);
        task.initialize(new SimSourceContext(config)
                .store(Map.of("seed", "" + FakerConfig.from(config).seed()), offset));
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
}
