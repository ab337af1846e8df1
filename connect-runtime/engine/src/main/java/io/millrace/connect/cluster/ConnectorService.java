package io.millrace.connect.cluster;

import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.plugin.ConfigReport;
import io.millrace.connect.plugin.ConfigValidator;
import io.millrace.connect.plugin.ConfigVariables;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.KeyReport;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginFailure;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.task.RunState;
import io.millrace.connect.task.TaskId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be asked about connectors: by REST, and by a program that runs the worker in its own process.
 *
 * <p>A request that changes something returns when the log has the change; the connectors follow it at once, but by
 * themselves: look at {@link #status} for what became of it.
 *
 * <p><b>Threads.</b> Any. Most methods wait for the log, and some for plugins.
 *
 * <p><b>Errors.</b> {@link RequestRefused}, with a message for whoever asked.
 */
public final class ConnectorService {

    private final Reconciler reconciler;
    private final ConfigStore configs;
    private final StatusStore statuses;
    private final Plugins plugins;
    private final ConfigValidator validator;
    private final Secrets secrets;
    private final ConfigVariables variables;
    private final SerialCalls calls;
    private final Map<Map<String, String>, Map<String, String>> maskedConfigs = new ConcurrentHashMap<>();

    /** A config that was stored, and whether the connector is new. */
    public record Stored(ConnectorView connector, boolean created) {}

    ConnectorService(Reconciler reconciler, SerialCalls calls) {
        this.reconciler = reconciler;
        this.configs = reconciler.configs();
        this.statuses = reconciler.statuses();
        this.plugins = reconciler.environment().plugins();
        this.validator = new ConfigValidator(plugins);
        this.secrets = new Secrets(plugins);
        this.variables = reconciler.environment().settings().variables();
        this.calls = calls;
    }

    /** The names of all connectors, in order. */
    public Set<String> names() {
        return configs.names();
    }

    /** One connector. */
    public ConnectorView get(String name) {
        return view(required(name));
    }

    /** What should run, all of it. */
    List<DesiredConnector> all() {
        return configs.names().stream()
                .flatMap(name -> configs.get(name).stream())
                .toList();
    }

    DesiredConnector required(String name) {
        return configs.get(name).orElseThrow(() -> RequestRefused.noConnector(name));
    }

    private ConnectorView view(DesiredConnector connector) {
        return new ConnectorView(
                connector.name(),
                masked(connector.config()),
                connector.tasks().size(),
                typeOf(connector.config()).map(PluginType::restName).orElse("unknown"));
    }

    /** The config of a connector without its secrets; that is worked out once. */
    private Map<String, String> masked(Map<String, String> config) {
        maskedConfigs
                .keySet()
                .removeIf(known -> maskedConfigs.size() > 2 * configs.names().size() + 16);
        return maskedConfigs.computeIfAbsent(config, secrets::masked);
    }

    Optional<PluginType> typeOf(Map<String, String> config) {
        return pluginOf(config).map(PluginDescriptor::type);
    }

    private Optional<PluginDescriptor> pluginOf(Map<String, String> config) {
        return plugins.find(
                config.getOrDefault(ConnectorKeys.CONNECTOR_CLASS, ""), EnumSet.of(PluginType.SINK, PluginType.SOURCE));
    }

    /** The configs of the tasks of a connector, without its secrets. */
    public List<Map<String, String>> tasks(String name) {
        return required(name).tasks().stream().map(secrets::masked).toList();
    }

    /** How a connector and its tasks are. */
    public StatusView status(String name) {
        DesiredConnector connector = required(name);
        List<StatusView.Part> tasks = new ArrayList<>();
        for (int id = 0; id < connector.tasks().size(); id++) {
            tasks.add(part(id, statuses.get(new TaskId(name, id))));
        }
        Optional<PluginDescriptor> plugin = pluginOf(connector.config());
        return new StatusView(
                name,
                plugin.map(found -> found.type().restName()).orElse("unknown"),
                plugin.map(plugins::version).orElse("unknown"),
                part(-1, statuses.get(name)),
                tasks);
    }

    private static StatusView.Part part(int id, Optional<StatusStore.Reported> reported) {
        return reported.map(status -> new StatusView.Part(
                        id, status.state().name(), status.workerId(), status.trace(), status.cause()))
                .orElseGet(() -> new StatusView.Part(id, RunState.UNASSIGNED.name(), "", null, null));
    }

    /** Checks a config without storing it. */
    public ConfigReport validate(Map<String, String> config) {
        try {
            Map<String, String> resolved = variables.resolve(config);
            ConfigReport report = calls.withDeadline("validate the config", () -> validator.validate(resolved));
            report.keys().forEach(key -> showVariable(key, config, resolved));
            return report;
        } catch (PluginFailure | ConfigException e) {
            throw new RequestRefused(Reason.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static void showVariable(KeyReport key, Map<String, String> given, Map<String, String> resolved) {
        String text = given.get(key.name());
        if (text != null && !text.equals(resolved.get(key.name()))) {
            key.value().value(text);
        }
    }

    /**
     * Makes a connector.
     *
     * @param initial what it shall be doing; null: it is started
     */
    public ConnectorView create(String name, Map<String, String> config, @Nullable TargetState initial) {
        Map<String, String> named = named(name, config);
        refuseIfInvalid(named);
        return calls.onClusterThread(() -> {
            if (configs.get(name).isPresent()) {
                throw new RequestRefused(Reason.CONFLICT, "Connector " + name + " already exists");
            }
            configs.putConnector(name, named, initial == null ? TargetState.STARTED : initial);
            return get(name);
        });
    }

    /** Makes a connector, or gives it another config. A value that is a mask stands for the one that is stored. */
    public Stored put(String name, Map<String, String> config) {
        Map<String, String> stored =
                configs.get(name).map(DesiredConnector::config).orElse(Map.of());
        Map<String, String> named = secrets.unmasked(named(name, config), stored);
        refuseIfInvalid(named);
        return calls.onClusterThread(() -> {
            boolean created = configs.get(name).isEmpty();
            configs.putConnector(name, named);
            return new Stored(get(name), created);
        });
    }

    /** Changes some keys of a config; a null value removes the key (KIP-477). */
    public ConnectorView patch(String name, Map<String, @Nullable String> changes) {
        Map<String, String> config = new HashMap<>(required(name).config());
        changes.forEach((key, value) -> {
            if (value == null) {
                config.remove(key);
            } else if (!value.equals(Secrets.MASK)) {
                config.put(key, value);
            }
        });
        return put(name, config).connector();
    }

    private static Map<String, String> named(String name, Map<String, String> config) {
        String inConfig = config.getOrDefault(ConnectorKeys.NAME, name);
        if (!inConfig.equals(name)) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "Connector name configuration (%s) doesn't match connector name in the URL (%s)"
                            .formatted(inConfig, name));
        }
        Map<String, String> named = new HashMap<>(config);
        named.put(ConnectorKeys.NAME, name);
        return named;
    }

    private void refuseIfInvalid(Map<String, String> config) {
        ConfigReport report = validate(config);
        List<String> errors = report.errors();
        if (!errors.isEmpty()) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "Connector configuration is invalid and contains the following %d error(s):\n%s\n%s"
                            .formatted(
                                    errors.size(),
                                    String.join("\n", errors),
                                    "You can also find the above list of errors at the endpoint "
                                            + "`/connector-plugins/{connectorType}/config/validate`"));
        }
    }

    /** Deletes a connector. Its positions stay, and a connector of the same name goes on from them. */
    public void delete(String name) {
        calls.onClusterThread(() -> {
            required(name);
            configs.removeConnector(name);
            return name;
        });
    }

    /** Sets what a connector should be doing. */
    public void setTarget(String name, TargetState target) {
        calls.onClusterThread(() -> {
            required(name);
            configs.putTarget(name, target);
            return name;
        });
    }

    /**
     * Makes a connector anew, and its tasks where that is wanted (KIP-745).
     *
     * @param onlyFailed leaves alone what has not failed
     */
    public StatusView restart(String name, boolean includeTasks, boolean onlyFailed) {
        calls.onClusterThread(() -> {
            RunningConnector running = running(name);
            StatusView before = status(name);
            if (!onlyFailed || hasFailed(before.connector())) {
                running.restart();
            }
            for (StatusView.Part task : includeTasks ? before.tasks() : List.<StatusView.Part>of()) {
                if (!onlyFailed || hasFailed(task)) {
                    running.restartTask(task.id());
                }
            }
            return name;
        });
        return status(name);
    }

    private static boolean hasFailed(StatusView.Part part) {
        return part.state().equals(RunState.FAILED.name());
    }

    private RunningConnector running(String name) {
        required(name);
        return reconciler
                .get(name)
                .filter(connector -> !connector.ending())
                .orElseThrow(() -> new RequestRefused(
                        Reason.CONFLICT,
                        "Cannot complete request because of a conflicting operation (e.g. worker rebalance)"));
    }

    /** Makes one task anew. */
    public void restartTask(String name, int task) {
        calls.onClusterThread(() -> {
            requireTask(name, task, required(name).tasks().size());
            running(name).restartTask(task);
            return name;
        });
    }

    /** How a connector is that has a task of that number. */
    public StatusView taskStatus(String name, int task) {
        StatusView status = status(name);
        requireTask(name, task, status.tasks().size());
        return status;
    }

    private static void requireTask(String name, int task, int tasks) {
        if (task < 0 || task >= tasks) {
            throw new RequestRefused(Reason.NOT_FOUND, "No task %d of connector %s found".formatted(task, name));
        }
    }

    /** The topics that a connector has used since it was made, or since they were reset. */
    public Set<String> topics(String name) {
        required(name);
        return statuses.topics(name);
    }

    /** Forgets the topics that a connector has used. */
    public void resetTopics(String name) {
        required(name);
        statuses.resetTopics(name);
    }
}
