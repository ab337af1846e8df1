package io.millrace.bench.plugin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** A source that gives the same records again and again, as fast as it is polled, and then none. */
public final class NoopSource extends SourceConnector {

    private static final String TOPIC = "topic";
    private static final String FORM = "form";
    private static final String BATCH = "records.each.poll";

    private Map<String, String> config = Map.of();

    @Override
    public String version() {
        return "1";
    }

    @Override
    public ConfigDef config() {
        return Counts.keys()
                .define(TOPIC, ConfigDef.Type.STRING, "orders", Importance.HIGH, "Where the records go.")
                .define(FORM, ConfigDef.Type.STRING, Form.STRUCT.name(), Importance.HIGH, "STRUCT, MAP or BYTES.")
                .define(BATCH, ConfigDef.Type.INT, 500, Importance.LOW, "How many records a poll gives.");
    }

    @Override
    public void start(Map<String, String> given) {
        config = given;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return NoopTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        return List.of(config);
    }

    @Override
    public void stop() {
        config = Map.of();
    }

    /** So many records, which differ, and are the same at every call. */
    public static List<SourceRecord> records(String topic, Form form, int count) {
        Orders orders = new Orders(1);
        return Stream.generate(() -> record(topic, form, orders.next()))
                .limit(count)
                .toList();
    }

    private static SourceRecord record(String topic, Form form, Map<String, Object> columns) {
        SchemaAndValue key = form.key(columns);
        SchemaAndValue value = form.value(columns);
        return new SourceRecord(
                Map.of("table", "orders"),
                Map.of("position", columns.get("id")),
                topic,
                null,
                key.schema(),
                key.value(),
                value.schema(),
                value.value());
    }

    /** Gives a list that was made once. */
    public static final class NoopTask extends SourceTask {

        private static final long IDLE_NANOS = 50_000_000;

        private Counts counts = new Counts(0, 0);
        private @Nullable Gate gate;
        private List<SourceRecord> batch = List.of();
        private long given;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            counts = Counts.of(config);
            gate = Gate.of(config);
            int size = Integer.parseInt(config.getOrDefault(BATCH, "500"));
            Form form = Form.valueOf(config.getOrDefault(FORM, Form.STRUCT.name()));
            batch = records(config.getOrDefault(TOPIC, "orders"), form, size);
        }

        @Override
        public @Nullable List<SourceRecord> poll() {
            if (given >= counts.all()) {
                LockSupport.parkNanos(IDLE_NANOS);
                return null;
            }
            long limit = given < counts.warm() ? counts.warm() : counts.all();
            int size = (int) Math.min(batch.size(), limit - given);
            if (given == counts.warm() && gate != null) {
                gate.awaitGo(given);
            }
            given += size;
            if (given == counts.all() && gate != null) {
                gate.finish();
            }
            return size == batch.size() ? batch : batch.subList(0, size);
        }

        @Override
        public void stop() {
            if (gate != null) {
                gate.close();
            }
        }
    }
}
