package io.millrace.connect.task;

import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Secrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.sink.SinkConnectorContext;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** Makes the runner of a connector. */
public final class ConnectorFactory {

    private final TaskEnvironment environment;

    public ConnectorFactory(TaskEnvironment environment) {
        this.environment = environment;
    }

    /**
     * A runner that has not been started.
     *
     * @param given the connector's config, as it is stored
     * @param onTasks told of the configs of the tasks, as they are stored, each time the connector gave them
     * @throws RuntimeException when the plugin is not there or the config cannot be read
     */
    public ConnectorRunner runner(
            String name, Map<String, String> given, Lifecycle lifecycle, Consumer<List<Map<String, String>>> onTasks) {
        Secrets secrets = environment.settings().secrets();
        Map<String, String> config = secrets.revealed(name, given);
        PluginDescriptor plugin = environment.plugins().connectorOf(config);
        ConnectorSettings settings = new ConnectorSettings(
                environment.plugins(),
                plugin.type(),
                config,
                environment.settings().converters());
        AtomicReference<@Nullable ConnectorRunner> runner = new AtomicReference<>();
        ConnectorRunner.Spec spec = new ConnectorRunner.Spec(
                name,
                config,
                (int) settings.number(ConnectorKeys.TASKS_MAX),
                settings.flag(ConnectorKeys.TASKS_MAX_ENFORCE),
                plugin.loader(),
                () -> connector(plugin, name, ConnectorKeys.offsetsTopic(config), runner));
        ConnectorRunner made = new ConnectorRunner(
                spec,
                lifecycle,
                environment.settings().pace().retry(),
                configs -> onTasks.accept(configs.stream()
                        .map(task -> secrets.concealed(name, task, given))
                        .toList()));
        runner.set(made);
        return made;
    }

    private Connector connector(
            PluginDescriptor plugin,
            String name,
            String offsetsTopic,
            AtomicReference<@Nullable ConnectorRunner> runner) {
        Connector connector = environment.plugins().newInstance(plugin, Connector.class);
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("connector", name);
        Requests requests = new Requests(runner, new PluginMetricsImpl(environment.metrics(), tags));
        ConnectorContext context = plugin.type() == PluginType.SOURCE
                ? new SourceContext(
                        requests, environment.offsets().of(name, offsetsTopic).reader())
                : new SinkContext(requests);
        connector.initialize(context);
        return connector;
    }

    /** What a connector may ask of the runtime. */
    private record Requests(AtomicReference<@Nullable ConnectorRunner> runner, PluginMetrics metrics) {

        private void tasks() {
            ConnectorRunner asked = runner.get();
            if (asked != null) {
                asked.requestTasks();
            }
        }

        private void error(Exception error) {
            ConnectorRunner asked = runner.get();
            if (asked != null) {
                asked.raiseError(error);
            }
        }
    }

    /** What a source connector sees of the runtime. */
    private record SourceContext(Requests requests, OffsetStorageReader offsetStorageReader)
            implements SourceConnectorContext {

        @Override
        public void requestTaskReconfiguration() {
            requests.tasks();
        }

        @Override
        public void raiseError(Exception error) {
            requests.error(error);
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return requests.metrics();
        }
    }

    /** What a sink connector sees of the runtime. */
    private record SinkContext(Requests requests) implements SinkConnectorContext {

        @Override
        public void requestTaskReconfiguration() {
            requests.tasks();
        }

        @Override
        public void raiseError(Exception error) {
            requests.error(error);
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return requests.metrics();
        }
    }
}
