package io.millrace.connect.cluster;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OffsetRange;
import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.record.Flow;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.task.SinkGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows connectors as flows: what moves, how fast, how far behind and how fresh.
 *
 * <p>Lag is asked of the log at the time of the request, so it is true also of a connector that does not run.
 *
 * <p><b>Threads.</b> Any.
 */
public final class PipelineService {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineService.class);
    private static final PipelineView.Flow NOTHING = new PipelineView.Flow(0, 0, 0.0, null, null);

    private final ConnectorService connectors;
    private final Reconciler reconciler;
    private final LogClient log;

    PipelineService(ConnectorService connectors, Reconciler reconciler) {
        this.connectors = connectors;
        this.reconciler = reconciler;
        this.log = reconciler.environment().log();
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
        return new PipelineView(
                status,
                List.copyOf(connectors.topics(name)),
                reconciler.flow(name).map(PipelineService::flow).orElse(NOTHING),
                sink ? lag(connector) : null,
                lastError(status));
    }

    private static PipelineView.Flow flow(FlowMeter meter) {
        Flow flow = meter.read();
        return new PipelineView.Flow(
                flow.recordsIn(),
                flow.recordsOut(),
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

    private @Nullable Long lag(DesiredConnector connector) {
        try {
            Map<TopicPartition, Long> committed = log.groupOffsets(SinkGroups.of(connector.name(), connector.config()));
            Map<TopicPartition, OffsetRange> ranges = log.offsetRanges(partitions(connector));
            long lag = 0;
            for (Map.Entry<TopicPartition, OffsetRange> range : ranges.entrySet()) {
                long from =
                        committed.getOrDefault(range.getKey(), range.getValue().begin());
                lag += Math.max(
                        0,
                        range.getValue().end() - Math.max(from, range.getValue().begin()));
            }
            return lag;
        } catch (LogFailure e) {
            LOG.atWarn().addKeyValue("connector", connector.name()).setCause(e).log("the log did not tell the lag");
            return null;
        }
    }

    private List<TopicPartition> partitions(DesiredConnector connector) {
        TopicSelection topics = SinkGroups.topics(connector.config());
        List<String> names = switch (topics) {
            case TopicSelection.Named named -> named.topics();
            case TopicSelection.Matching matching -> matching.among(log.topics());
        };
        List<TopicPartition> partitions = new ArrayList<>();
        log.partitionCounts(names).forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        });
        return partitions;
    }
}
