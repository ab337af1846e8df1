package io.millrace.connect.task;

import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Secrets;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.errors.ConnectException;
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

    private ConnectorRunner.Made connector(
            PluginDescriptor plugin,
            String name,
            String offsetsTopic,
            AtomicReference<@Nullable ConnectorRunner> runner) {
        Connector connector = environment.plugins().newInstance(plugin, Connector.class);
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("connector", name);
        Requests requests = new Requests(connector, runner, new PluginMetricsImpl(environment.metrics(), tags));
        ConnectorContext context = plugin.type() == PluginType.SOURCE
                ? new SourceContext(
                        requests, environment.offsets().of(name, offsetsTopic).reader())
                : new SinkContext(requests);
        connector.initialize(context);
        return new ConnectorRunner.Made(connector, requests);
    }

    /** What a connector may ask of the runtime, until it has been stopped. */
    private static final class Requests implements Closeable {

        private final Connector connector;
        private final AtomicReference<@Nullable ConnectorRunner> runner;
        private final PluginMetricsImpl metrics;
        private volatile boolean closed;

        private Requests(
                Connector connector, AtomicReference<@Nullable ConnectorRunner> runner, PluginMetricsImpl metrics) {
            this.connector = connector;
            this.runner = runner;
            this.metrics = metrics;
        }

        private void tasks() {
            ask("for other tasks", asked -> asked.requestTasks(connector));
        }

        private void error(Exception error) {
            ask("to fail", asked -> asked.raiseError(connector, error));
        }

        private void ask(String what, Consumer<ConnectorRunner> question) {
            if (closed) {
                throw new ConnectException("the connector asks %s, but it has been stopped".formatted(what));
            }
            ConnectorRunner asked = runner.get();
            if (asked != null) {
                question.accept(asked);
            }
        }

        private PluginMetrics metrics() {
            return metrics;
        }

        /** Also forgets the metrics that the connector registered. */
        @Override
        public void close() throws IOException {
            closed = true;
            metrics.close();
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
