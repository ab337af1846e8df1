package io.millrace.connect.cluster;

import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.plugin.ConfigReport;
import io.millrace.connect.plugin.ConfigValidator;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(ConnectorService.class);
    private static final int WARNED_MAX = 2_000;

    private final Reconciler reconciler;
    private final ConfigStore configs;
    private final StatusStore statuses;
    private final Plugins plugins;
    private final ConfigValidator validator;
    private final Secrets secrets;
    private final CommittedPositions positions;
    private final Map<Map<String, String>, List<String>> warnings = new ConcurrentHashMap<>();
    private final SerialCalls calls;

    /** A config that was stored, and whether the connector is new. */
    public record Stored(ConnectorView connector, boolean created) {}

    ConnectorService(Reconciler reconciler, SerialCalls calls) {
        this.reconciler = reconciler;
        this.configs = reconciler.configs();
        this.statuses = reconciler.statuses();
        this.plugins = reconciler.environment().plugins();
        this.validator = new ConfigValidator(
                plugins,
                reconciler.environment().settings().converters(),
                reconciler.environment().settings().rules());
        this.secrets = reconciler.environment().settings().secrets();
        this.positions = new CommittedPositions(reconciler.environment());
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

    /**
     * A connector that is a sink, with its secrets.
     *
     * @param whyNot what is said of one that is none: a sentence that begins with "only sinks"
     */
    public DesiredConnector sink(String name, String whyNot) {
        DesiredConnector connector = required(name);
        if (typeOf(connector.config()).stream().noneMatch(PluginType.SINK::equals)) {
            throw new RequestRefused(Reason.INVALID, "Connector %s is not a sink, and %s".formatted(name, whyNot));
        }
        return connector;
    }

    private ConnectorView view(DesiredConnector connector) {
        return new ConnectorView(
                connector.name(),
                secrets.masked(connector.config()),
                connector.tasks().size(),
                typeOf(connector.config()).map(PluginType::restName).orElse("unknown"));
    }

    /** A text that somebody else wrote, without the secrets of connectors. */
    public String shown(String text) {
        return secrets.shown(text);
    }

    Optional<PluginType> typeOf(Map<String, String> config) {
        return pluginOf(config).map(PluginDescriptor::type);
    }

    private Optional<PluginDescriptor> pluginOf(Map<String, String> config) {
        return plugins.findConnectorOf(config);
    }

    /** The configs of the tasks of a connector, without its secrets. */
    public List<Map<String, String>> tasks(String name) {
        return required(name).tasks().stream().map(secrets::masked).toList();
    }

    /** How a connector and its tasks are. */
    public StatusView status(String name) {
        DesiredConnector connector =
                configs.get(name).orElseThrow(() -> RequestRefused.notFound("No status found for connector " + name));
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

    /** Checks a config without storing it. A mask stands for what the connector of that name has stored, if it has. */
    public ConfigReport validate(Map<String, String> config) {
        Map<String, String> masks = new HashMap<>(config);
        masks.values().removeIf(value -> !value.equals(Secrets.MASK));
        masks.putAll(storedConfig(config.getOrDefault(ConnectorKeys.NAME, "")));
        return report(unmasked(config, masks));
    }

    /** What may be wrong with the config of a connector, one message each. */
    public List<String> warnings(String name) {
        Map<String, String> config = required(name).config();
        if (warnings.size() > WARNED_MAX) {
            warnings.clear();
        }
        List<String> known = warnings.get(config);
        if (known == null) {
            known = askForWarnings(config);
            warnings.put(config, known);
        }
        return known;
    }

    private List<String> askForWarnings(Map<String, String> config) {
        try {
            return validator.warnings(config);
        } catch (RuntimeException | LinkageError e) {
            // A plugin may throw anything; that is told where it is started.
            LOG.atDebug().setCause(e).log("a connector's definitions are not there");
            return List.of();
        }
    }

    ConfigReport report(Map<String, String> config) {
        try {
            Map<String, String> revealed = secrets.revealed(config);
            ConfigReport report = calls.withDeadline("validate the config", () -> validator.validate(revealed));
            Map<String, String> masked = secrets.masked(config);
            List<KeyReport> keys = report.keys().stream()
                    .map(key -> shown(key, masked, revealed))
                    .toList();
            return new ConfigReport(report.connectorClass(), report.type(), report.groups(), keys, report.warnings());
        } catch (PluginFailure | ConfigException e) {
            throw new RequestRefused(Reason.INVALID, secrets.shown(String.valueOf(e.getMessage())));
        }
    }

    /** Takes the secrets out of what is said of a key. */
    private KeyReport shown(KeyReport key, Map<String, String> masked, Map<String, String> revealed) {
        ConfigValue found = key.value();
        String text = masked.get(key.name());
        boolean asGiven = text == null || text.equals(revealed.get(key.name()));
        ConfigValue shown = new ConfigValue(
                key.name(),
                asGiven ? found.value() : text,
                found.recommendedValues(),
                found.errorMessages().stream().map(secrets::shown).toList());
        shown.visible(found.visible());
        return new KeyReport(key.definition(), shown);
    }

    /**
     * Makes a connector.
     *
     * @param initial what it shall be doing; null: it is started
     * @param by what makes it, for the history of its config
     */
    public ConnectorView create(String name, Map<String, String> config, @Nullable TargetState initial, String by) {
        Map<String, String> named = unmasked(named(name, config), Map.of());
        refuseIfInvalid(named);
        Map<String, String> sealed = secrets.sealed(name, named, Map.of());
        return calls.onClusterThread(() -> {
            if (configs.get(name).isPresent()) {
                throw new RequestRefused(Reason.CONFLICT, "Connector " + name + " already exists");
            }
            ConfigStore.Version first = new ConfigStore.Version(sealed, by, List.of());
            configs.putConnector(name, first, initial == null ? TargetState.STARTED : initial);
            return get(name);
        });
    }

    /**
     * Makes a connector, or gives it another config. A value that is a mask stands for the one that is stored.
     *
     * @param by what does so, for the history of its config
     */
    public Stored put(String name, Map<String, String> config, String by) {
        return store(name, checked(name, config), by);
    }

    /** Gives a connector the config of an earlier version. */
    Stored restore(String name, ConfigVersion version) {
        refuseIfInvalid(version.config());
        return store(name, version.config(), "rollback to " + version.number());
    }

    private Map<String, String> storedConfig(String name) {
        return configs.get(name).map(DesiredConnector::config).orElse(Map.of());
    }

    private Stored store(String name, Map<String, String> config, String by) {
        Map<String, String> sealed = secrets.sealed(name, config, storedConfig(name));
        List<OffsetService.Position> offsets =
                configs.get(name).map(positions::of).orElse(List.of());
        return calls.onClusterThread(() -> {
            boolean created = configs.get(name).isEmpty();
            if (sealed.equals(storedConfig(name))) {
                configs.putSealed(name, sealed, List.of());
            } else {
                configs.putConnector(name, new ConfigStore.Version(sealed, by, offsets));
            }
            return new Stored(get(name), created);
        });
    }

    /** The config that {@link #put} would seal and store, once it is found to be valid. Nothing is stored. */
    public Map<String, String> checked(String name, Map<String, String> config) {
        Map<String, String> named = meant(name, config);
        refuseIfInvalid(named);
        return named;
    }

    /** Changes some keys of a config; a null value removes the key (KIP-477). */
    public ConnectorView patch(String name, Map<String, @Nullable String> changes, String by) {
        Map<String, String> config = Secrets.kept(required(name).config());
        changes.forEach((key, value) -> {
            if (value == null) {
                config.remove(key);
            } else {
                config.put(key, value);
            }
        });
        return put(name, config, by).connector();
    }

    private static Map<String, String> unmasked(Map<String, String> update, Map<String, String> stored) {
        try {
            return Secrets.unmasked(update, stored);
        } catch (ConfigException e) {
            throw new RequestRefused(Reason.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** The config that a request means: with its name, and with stored values in place of masks. */
    Map<String, String> meant(String name, Map<String, String> config) {
        return unmasked(named(name, config), storedConfig(name));
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

    void refuseIfInvalid(Map<String, String> config) {
        ConfigReport report = report(config);
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
            if (configs.get(name).isEmpty()) {
                throw RequestRefused.notFound("Unknown connector " + name);
            }
            configs.putTarget(name, target);
            return name;
        });
    }

    /**
     * Makes a connector anew, and its tasks where that is wanted (KIP-745). Returns how it was before, with what is
     * made anew as restarting.
     *
     * @param onlyFailed leaves alone what has not failed
     */
    public StatusView restart(String name, boolean includeTasks, boolean onlyFailed) {
        return calls.onClusterThread(() -> {
            RunningConnector running = running(name);
            StatusView before = status(name);
            StatusView.Part connector = before.connector();
            if (!onlyFailed || hasFailed(connector)) {
                running.restart();
                connector = restarting(connector);
            }
            List<StatusView.Part> tasks = new ArrayList<>();
            for (StatusView.Part task : before.tasks()) {
                boolean again = includeTasks && (!onlyFailed || hasFailed(task));
                if (again) {
                    running.restartTask(task.id());
                }
                tasks.add(again ? restarting(task) : task);
            }
            return new StatusView(name, before.type(), before.version(), connector, tasks);
        });
    }

    private static boolean hasFailed(StatusView.Part part) {
        return part.state().equals(RunState.FAILED.name());
    }

    private static StatusView.Part restarting(StatusView.Part part) {
        return new StatusView.Part(part.id(), RunState.RESTARTING.name(), part.workerId(), part.trace(), part.cause());
    }

    private RunningConnector running(String name) {
        if (configs.get(name).isEmpty()) {
            throw RequestRefused.notFound("Unknown connector: " + name);
        }
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
            RunningConnector running = running(name);
            if (!hasTask(task, required(name).tasks().size())) {
                throw RequestRefused.notFound("Unknown task: %s-%d".formatted(name, task));
            }
            running.restartTask(task);
            return name;
        });
    }

    /** How a connector is that has a task of that number. */
    public StatusView taskStatus(String name, int task) {
        int tasks = configs.get(name).map(connector -> connector.tasks().size()).orElse(0);
        if (!hasTask(task, tasks)) {
            throw RequestRefused.notFound("No status found for task %s-%d".formatted(name, task));
        }
        return status(name);
    }

    private static boolean hasTask(int task, int tasks) {
        return task >= 0 && task < tasks;
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
