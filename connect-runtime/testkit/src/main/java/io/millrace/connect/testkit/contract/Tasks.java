package io.millrace.connect.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.connector.Task;

/** Makes tasks, and their configs, as a runtime does. */
final class Tasks {

    private Tasks() {}

    static <T extends Task> T make(Class<? extends Task> type, Class<T> kind) {
        try {
            return kind.cast(type.getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a runtime could not make a " + type.getName() + " either", e);
        }
    }

    /** The config of the one task, from a connector that was validated and started. */
    static Map<String, String> config(Connector connector, Map<String, String> config) {
        List<String> errors = connector.validate(config).configValues().stream()
                .map(ConfigValue::errorMessages)
                .flatMap(List::stream)
                .toList();
        assertThat(errors).as("errors in the config").isEmpty();
        connector.initialize(new Context());
        connector.start(config);
        List<Map<String, String>> tasks = connector.taskConfigs(1);
        connector.stop();
        assertThat(tasks).as("configs for at most one task").hasSize(1);
        return tasks.getFirst();
    }

    /** Nothing of the runtime, for a connector that has nothing to ask of it. */
    private static final class Context implements ConnectorContext {

        @Override
        public void requestTaskReconfiguration() {
            throw new UnsupportedOperationException("there is one task, and its config stays");
        }

        @Override
        public void raiseError(Exception e) {
            throw new AssertionError("the connector failed", e);
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("there are no metrics here");
        }
    }
}
