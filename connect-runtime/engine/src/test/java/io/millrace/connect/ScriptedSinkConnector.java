package io.millrace.connect;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkConnectorContext;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** A sink that does in each call what a test has laid down under the name in its config. */
public final class ScriptedSinkConnector extends SinkConnector {

    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();
    private static final ConfigDef CONFIG =
            new ConfigDef().define("script", ConfigDef.Type.STRING, Importance.HIGH, "what it does");

    private Map<String, String> config = Map.of();

    /** What it does; nothing, but for what a test overrides. */
    interface Script {

        default void started(SinkConnectorContext context) {}

        default List<Map<String, String>> tasks(Map<String, String> config) {
            return List.of(config);
        }

        default boolean altered(Map<String, String> config, Map<TopicPartition, Long> offsets) {
            return false;
        }

        default void taskStarted(SinkTaskContext context, Map<String, String> config) {}

        default void opened(SinkTaskContext context, Collection<TopicPartition> partitions) {}

        default void put(SinkTaskContext context, List<SinkRecord> records) {}

        default void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {}
    }

    /** Lays down what connectors do that have this name under {@code script}. */
    static void lay(String name, Script script) {
        SCRIPTS.put(name, script);
    }

    private static Script script(Map<String, String> config) {
        return SCRIPTS.getOrDefault(config.get("script"), new Script() {});
    }

    @Override
    public void start(Map<String, String> props) {
        config = Map.copyOf(props);
        script(config).started(context());
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ScriptedTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return script(config).tasks(config);
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
        return script(connectorConfig).altered(connectorConfig, offsets);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    /** Its tasks. */
    public static final class ScriptedTask extends SinkTask {

        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = Map.copyOf(props);
            script(config).taskStarted(context, props);
        }

        @Override
        public void open(Collection<TopicPartition> partitions) {
            script(config).opened(context, partitions);
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            script(config).put(context, List.copyOf(records));
        }

        @Override
        public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            script(config).committed(offsets);
            return offsets;
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1.2.3";
        }
    }
}
