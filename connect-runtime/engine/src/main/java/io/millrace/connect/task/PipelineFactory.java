package io.millrace.connect.task;

import io.millrace.connect.plugin.ClientKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginFactory;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.ScheduleKeys;
import io.millrace.connect.record.Patience;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Progress;
import io.millrace.connect.record.Quota;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;

/** Makes the runner of a task, with everything that its pipeline needs. */
public final class PipelineFactory {

    private final TaskEnvironment environment;
    private final PluginFactory plugins;

    public PipelineFactory(TaskEnvironment environment) {
        this.environment = environment;
        this.plugins = new PluginFactory(environment.plugins());
    }

    /** A runner that has not been started. */
    public TaskRunner runner(TaskSpec spec, Lifecycle lifecycle) {
        TaskEnvironment.Settings settings = environment.settings();
        Progress progress = new Progress(System::currentTimeMillis);
        return new TaskRunner(
                spec.id().toString(),
                spec.plugin().loader(),
                patience -> pipeline(spec, progress, patience),
                new TaskRunner.Watched(lifecycle, progress),
                settings.pace().retry(),
                Duration.ofMillis(settings.pace().stopTimeoutMs() / 2));
    }

    private Pipeline pipeline(TaskSpec given, Progress progress, Patience patience) {
        TaskSpec spec = given.revealed(environment.settings().secrets());
        new ClientKeys(
                        spec.plugin(),
                        spec.connectorConfig(),
                        environment.settings().rules())
                .require();
        ConnectorSettings settings = new ConnectorSettings(
                environment.plugins(),
                spec.plugin().type(),
                spec.connectorConfig(),
                environment.settings().converters());
        Ingredients ingredients = new Ingredients(
                environment,
                spec,
                settings,
                new RecordParts(plugins, settings),
                new Ingredients.Watching(metrics(spec.id()), progress),
                patience);
        Pipeline made = spec.plugin().type() == PluginType.SOURCE
                ? new SourceAssembly(ingredients).pipeline()
                : new SinkAssembly(ingredients).pipeline();
        Pipeline scheduled = spec.connectorConfig().containsKey(ScheduleKeys.CRON)
                ? new IdleWatch(made, settings.number(ScheduleKeys.IDLE_MS), System::nanoTime, spec.host()::idle)
                : made;
        Quota.Limits limits = Throttle.limits(settings);
        return limits.isNone() ? scheduled : new Throttle(scheduled, spec.flow(), limits, progress, patience);
    }

    private PluginMetrics metrics(TaskId id) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("connector", id.connector());
        tags.put("task", Integer.toString(id.task()));
        return new PluginMetricsImpl(environment.metrics(), tags);
    }

    /**
     * What a pipeline is assembled from.
     *
     * @param watching where the task leaves word of what it does
     * @param patience how the task waits
     */
    record Ingredients(
            TaskEnvironment environment,
            TaskSpec spec,
            ConnectorSettings settings,
            RecordParts parts,
            Watching watching,
            Patience patience) {

        /**
         * Where a task leaves word of what it does.
         *
         * @param metrics where the plugin's task may register metrics
         * @param progress what is told of the task's work
         */
        record Watching(PluginMetrics metrics, Progress progress) {}

        PluginMetrics metrics() {
            return watching.metrics();
        }

        Progress progress() {
            return watching.progress();
        }

        <T> T newTask(Class<T> type) {
            return environment
                    .plugins()
                    .newInstance(
                            ConnectorRunner.taskClass(spec.taskConfig()),
                            spec.plugin().loader(),
                            type);
        }
    }
}
