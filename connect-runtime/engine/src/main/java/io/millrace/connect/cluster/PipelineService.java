package io.millrace.connect.cluster;

import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.record.Flow;
import io.millrace.connect.record.FlowMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
    private final SinkLags lags;

    PipelineService(ConnectorService connectors, Reconciler reconciler) {
        this.connectors = connectors;
        this.reconciler = reconciler;
        this.lags = new SinkLags(connectors, reconciler.environment().log(), System::nanoTime);
    }

    /** All connectors, by name. */
    public List<PipelineView> all() {
        List<PipelineView> views = new ArrayList<>();
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
        return new PipelineView(
                status,
                List.copyOf(connectors.topics(name)),
                shown(flow),
                sink ? lag(lags.of(name), flow.newestMs()) : null,
                connectors.warnings(name),
                lastError(status));
    }

    private static PipelineView.@Nullable Lag lag(@Nullable Long records, long newestMs) {
        if (records == null) {
            return null;
        }
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
                .map(part -> part.cause() == null ? part.trace() : part.cause())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
