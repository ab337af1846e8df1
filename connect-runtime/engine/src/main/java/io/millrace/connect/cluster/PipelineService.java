package io.millrace.connect.cluster;

import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.record.Flow;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.task.Condition;
import io.millrace.connect.task.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows connectors as flows: what moves, how fast, how far behind and how fresh.
 *
 * <p>Lag is what the log says, not the tasks, so it is true also of a connector that does not run.
 *
 * <p><b>Threads.</b> Any.
 */
public final class PipelineService {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineService.class);
    private static final Flow NOTHING = new Flow(0, 0, 0, 0.0, -1, -1, -1);

    private final ConnectorService connectors;
    private final Reconciler reconciler;
    private final ScheduleService schedules;
    private final SinkWatch sinks;

    PipelineService(ConnectorService connectors, Reconciler reconciler, ScheduleService schedules) {
        this.connectors = connectors;
        this.reconciler = reconciler;
        this.schedules = schedules;
        this.sinks = new SinkWatch(
                new SinkLags(connectors, reconciler.environment().log(), System::currentTimeMillis),
                reconciler.environment().settings().pace().commitIntervalMs(),
                System::currentTimeMillis);
    }

    /** All connectors, by name. */
    public List<PipelineView> all() {
        List<PipelineView> views = new ArrayList<>();
        sinks.retain(connectors.names());
        for (String name : connectors.names()) {
            try {
                views.add(get(name));
            } catch (RequestRefused e) {
                LOG.atDebug().addKeyValue("connector", name).setCause(e).log("deleted while the list was made");
            }
        }
        return views;
    }

    /** One connector. */
    public PipelineView get(String name) {
        DesiredConnector connector = connectors.required(name);
        StatusView status = connectors.status(name);
        boolean sink = connectors.typeOf(connector.config()).stream().anyMatch(PluginType.SINK::equals);
        Flow flow = reconciler.flow(name).map(FlowMeter::read).orElse(NOTHING);
        SinkLags.Reading reading = sink ? sinks.lags().of(name) : null;
        return new PipelineView(
                status,
                conditions(connector, status, sink),
                List.copyOf(connectors.topics(name)),
                shown(flow),
                reading == null ? null : lag(reading.lag(), flow.newestMs()),
                connectors.warnings(name),
                lastError(status));
    }

    private PipelineView.Conditions conditions(DesiredConnector connector, StatusView status, boolean sink) {
        Optional<RunningConnector> running = reconciler.get(connector.name());
        Condition own = running.map(RunningConnector::condition).orElseGet(() -> stored(status.connector()));
        List<Condition> tasks = status.tasks().stream()
                .map(task -> running.flatMap(here -> here.condition(task.id())).orElseGet(() -> stored(task)))
                .toList();
        Condition overall = Condition.worst(own, tasks);
        Optional<String> held = schedules.held(connector.name());
        if (held.isPresent()) {
            return new PipelineView.Conditions(overall.held(held.get()), own.held(held.get()), tasks);
        }
        boolean tasksTell = overall.state().compareTo(Condition.State.WAITING) >= 0;
        if (sink && connector.target() == TargetState.STARTED && !tasksTell) {
            Map<TopicPartition, Long> delivered =
                    running.map(RunningConnector::delivered).orElse(Map.of());
            overall = sinks.obstacle(connector.name(), delivered)
                    .map(Condition::waiting)
                    .orElse(overall);
        }
        return new PipelineView.Conditions(overall, own, tasks);
    }

    private static Condition stored(StatusView.Part part) {
        return Condition.stored(RunState.valueOf(part.state()), reason(part));
    }

    private static @Nullable String reason(StatusView.Part part) {
        return part.cause() == null ? part.trace() : part.cause();
    }

    private static PipelineView.Lag lag(long records, long newestMs) {
        Double seconds = newestMs < 0 ? null : Math.max(0, System.currentTimeMillis() - newestMs) / 1000.0;
        return new PipelineView.Lag(records, records == 0 ? Double.valueOf(0) : seconds);
    }

    private static PipelineView.Flow shown(Flow flow) {
        return new PipelineView.Flow(
                flow.recordsIn(),
                flow.recordsOut(),
                flow.logBytes(),
                flow.recordsOutPerSecond(),
                known(flow.freshnessP50Ms()),
                known(flow.freshnessP99Ms()));
    }

    private static @Nullable Long known(long milliseconds) {
        return milliseconds < 0 ? null : milliseconds;
    }

    private static @Nullable String lastError(StatusView status) {
        return Stream.concat(Stream.of(status.connector()), status.tasks().stream())
                .map(PipelineService::reason)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
