package io.millrace.connect;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;

/** A source without records that does in each call what a test has laid down under the name in its config. */
public final class ScriptedSourceConnector extends SourceConnector {

    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();
    private static final ConfigDef CONFIG =
            new ConfigDef().define("script", ConfigDef.Type.STRING, Importance.HIGH, "what it does");

    private Map<String, String> config = Map.of();

    /** What it does; nothing, but for what a test overrides. */
    interface Script {

        default void started(SourceConnectorContext context) {}

        default List<Map<String, String>> tasks(Map<String, String> config) {
            return List.of(config);
        }

        default boolean altered(Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
            return false;
        }

        default void taskStarted(SourceTaskContext context, Map<String, String> config) {}
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
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
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
    public static final class ScriptedTask extends SourceTask {

        @Override
        public void start(Map<String, String> props) {
            script(props).taskStarted(context, props);
        }

        @Override
        public @Nullable List<SourceRecord> poll() {
            return null;
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1.2.3";
        }
    }
}
