package io.millrace.bench.plugin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** A sink that counts. */
public final class NoopSink extends SinkConnector {

    private Map<String, String> config = Map.of();

    @Override
    public String version() {
        return "1";
    }

    @Override
    public ConfigDef config() {
        return Counts.keys();
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

    /** Counts what it is given, and waits at the gate once it is warm. */
    public static final class NoopTask extends SinkTask {

        private Counts counts = new Counts(0, 0);
        private @Nullable Gate gate;
        private long taken;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            counts = Counts.of(config);
            gate = Gate.of(config);
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            long before = taken;
            taken += records.size();
            if (gate == null) {
                return;
            }
            if (before < counts.warm() && taken >= counts.warm()) {
                gate.awaitGo(taken);
            }
            if (before < counts.all() && taken >= counts.all()) {
                gate.finish();
            }
        }

        @Override
        public void stop() {
            if (gate != null) {
                gate.close();
            }
        }
    }
}
