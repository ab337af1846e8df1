package io.millrace.connect.cluster;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.plugin.ConfigReport;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.task.SinkGroups;
import io.millrace.connect.task.TaskEnvironment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a config would change before it is stored.
 *
 * <p><b>Threads.</b> Any. Calls into the connector, to validate.
 */
public final class PlanService {

    private static final ConfigPlan.Topics NO_TOPICS = new ConfigPlan.Topics(List.of(), List.of(), List.of());

    private final ConnectorService connectors;
    private final ConfigStore configs;
    private final TaskEnvironment environment;
    private final Secrets secrets;

    PlanService(ConnectorService connectors, Reconciler reconciler) {
        this.connectors = connectors;
        this.configs = reconciler.configs();
        this.environment = reconciler.environment();
        this.secrets = environment.settings().secrets();
    }

    /**
     * What would change if the connector were given this config.
     *
     * @throws RequestRefused when the config names no connector, or carries a mask for nothing
     */
    public ConfigPlan plan(String name, Map<String, String> config) {
        Map<String, String> meant = connectors.meant(name, config);
        ConfigReport report = connectors.report(meant);
        @Nullable DesiredConnector stored = configs.get(name).orElse(null);
        Map<String, String> before = stored == null ? Map.of() : stored.config();
        Map<String, ConfigPlan.Change> changes = changes(before, secrets.sealed(name, meant, before));
        List<Integer> restarted = stored == null || changes.isEmpty() ? List.of() : tasks(stored);
        List<String> errors = report.errors();
        return new ConfigPlan(
                stored == null,
                changes,
                restarted,
                errors.isEmpty() ? topics(report.type(), secrets.revealed(name, meant)) : NO_TOPICS,
                errors,
                report.warnings());
    }

    /** The tasks that run: a config that changes ends them all. Those of a stopped connector are none. */
    private static List<Integer> tasks(DesiredConnector connector) {
        return IntStream.range(0, connector.tasks().size()).boxed().toList();
    }

    /** Compares what is stored, where a secret that is the same has the same text. */
    private Map<String, ConfigPlan.Change> changes(Map<String, String> before, Map<String, String> after) {
        Map<String, String> shownBefore = secrets.masked(before);
        Map<String, String> shownAfter = secrets.masked(after);
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        Map<String, ConfigPlan.Change> changes = new TreeMap<>();
        for (String key : keys) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                changes.put(key, new ConfigPlan.Change(shownBefore.get(key), shownAfter.get(key)));
            }
        }
        return changes;
    }

    private ConfigPlan.Topics topics(PluginType type, Map<String, String> config) {
        ConnectorSettings settings = new ConnectorSettings(
                environment.plugins(), type, config, environment.settings().converters());
        if (type == PluginType.SOURCE) {
            return new ConfigPlan.Topics(List.of(), List.of(), settings.topicGroups());
        }
        LogClient log = environment.log();
        String letters = settings.text(ConnectorKeys.DEAD_LETTER_TOPIC).strip();
        List<String> read =
                SinkGroups.topics(config) instanceof TopicSelection.Named named ? named.topics() : List.of();
        return new ConfigPlan.Topics(
                letters.isEmpty() ? List.of() : missing(log, List.of(letters)), missing(log, read), List.of());
    }

    private static List<String> missing(LogClient log, List<String> topics) {
        Map<String, Integer> there = log.partitionCounts(topics);
        return topics.stream().filter(topic -> !there.containsKey(topic)).toList();
    }
}
