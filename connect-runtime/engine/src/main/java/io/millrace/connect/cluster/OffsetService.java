package io.millrace.connect.cluster;

import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.offset.ConnectorPositions;
import io.millrace.connect.plugin.LoaderScope;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.task.SinkGroups;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/**
 * Shows, sets and forgets how far connectors have come (KIP-875). Positions of a sink are the offsets of its group,
 * with the keys {@code kafka_topic}, {@code kafka_partition} and {@code kafka_offset}.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Errors.</b> {@link RequestRefused}: positions are only changed of a connector that is stopped.
 */
public final class OffsetService {

    private static final String TOPIC = "kafka_topic";
    private static final String PARTITION = "kafka_partition";
    private static final String OFFSET = "kafka_offset";

    private final ConnectorService connectors;
    private final Reconciler reconciler;
    private final LogClient log;
    private final Plugins plugins;
    private final Secrets secrets;
    private final CommittedPositions committed;
    private final SerialCalls calls;

    /**
     * One position.
     *
     * @param partition of the source, or of the log
     * @param offset null: the position is forgotten
     */
    public record Position(
            Map<String, ?> partition, @Nullable Map<String, ?> offset) {}

    OffsetService(ConnectorService connectors, Reconciler reconciler, SerialCalls calls) {
        this.connectors = connectors;
        this.reconciler = reconciler;
        this.log = reconciler.environment().log();
        this.plugins = reconciler.environment().plugins();
        this.secrets = reconciler.environment().settings().secrets();
        this.committed = new CommittedPositions(reconciler.environment());
        this.calls = calls;
    }

    /** The committed positions of a connector. */
    public List<Position> get(String name) {
        return committed.of(connectors.required(name));
    }

    static Position sinkPosition(TopicPartition partition, long offset) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put(PARTITION, partition.partition());
        key.put(TOPIC, partition.topic());
        return new Position(key, Map.of(OFFSET, offset));
    }

    private static String group(DesiredConnector connector) {
        return SinkGroups.of(connector.name(), connector.config());
    }

    /** Sets positions. Returns whether the connector itself took part in that. */
    public boolean alter(String name, List<Position> positions) {
        if (positions.isEmpty()) {
            throw new RequestRefused(
                    Reason.INVALID, "Partitions / offsets need to be provided for an alter offsets request");
        }
        DesiredConnector connector = stopped(name);
        return calls.withDeadline("alter offsets", () -> write(connector, positions));
    }

    /** As {@link #alter}, of a connector whose tasks are held. */
    boolean move(DesiredConnector connector, List<Position> positions) {
        return calls.withDeadline("alter offsets", () -> write(connector, positions));
    }

    /** Forgets all positions. Returns whether the connector itself took part in that. */
    public boolean reset(String name) {
        DesiredConnector connector = stopped(name);
        List<Position> none = get(name).stream()
                .map(position -> new Position(position.partition(), null))
                .toList();
        return calls.withDeadline("reset offsets", () -> write(connector, none));
    }

    private DesiredConnector stopped(String name) {
        DesiredConnector connector = connectors.required(name);
        if (connector.target() != TargetState.STOPPED || !connector.tasks().isEmpty()) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "Connectors must be in the STOPPED state before their offsets can be modified. "
                            + "This can be done for the specified connector by issuing a 'PUT' request to the "
                            + "'/connectors/" + name + "/stop' endpoint");
        }
        return connector;
    }

    private boolean write(DesiredConnector connector, List<Position> positions) {
        try {
            return committed.isSink(connector) ? writeSink(connector, positions) : writeSource(connector, positions);
        } catch (ConnectException e) {
            // This is how a connector says that it cannot take these positions.
            throw new RequestRefused(Reason.INVALID, secrets.shown(String.valueOf(e.getMessage())));
        } catch (UnsupportedOperationException e) {
            throw new RequestRefused(
                    Reason.FAILED,
                    ("Failed to modify offsets for connector %s because it doesn't support external modification "
                                    + "of offsets")
                            .formatted(connector.name()));
        }
    }

    private boolean writeSource(DesiredConnector connector, List<Position> positions) {
        ConnectorPositions stored = committed.ofSource(connector);
        Map<Map<String, ?>, @Nullable Map<String, ?>> offsets = new HashMap<>();
        positions.forEach(position -> offsets.put(
                stored.normal(position.partition()),
                position.offset() == null ? null : stored.normal(position.offset())));
        if (reconciler.environment().settings().transactions().enabled()) {
            // A task that was abandoned must not commit its own positions over these.
            reconciler.fence(connector.name());
        }
        boolean tookPart = askSource(connector, offsets);
        stored.write(offsets).join();
        return tookPart;
    }

    private boolean writeSink(DesiredConnector connector, List<Position> positions) {
        Map<TopicPartition, Long> set = new HashMap<>();
        Map<TopicPartition, @Nullable Long> all = new HashMap<>();
        for (Position position : positions) {
            TopicPartition partition = partitionOf(position);
            Long offset = offsetOf(position);
            all.put(partition, offset);
            if (offset != null) {
                set.put(partition, offset);
            }
        }
        boolean tookPart = askSink(connector, all);
        all.keySet().removeAll(set.keySet());
        if (!set.isEmpty()) {
            log.alterGroupOffsets(group(connector), set);
        }
        if (!all.isEmpty()) {
            log.deleteGroupOffsets(group(connector), all.keySet());
        }
        return tookPart;
    }

    private static TopicPartition partitionOf(Position position) {
        Object topic = position.partition().get(TOPIC);
        Object partition = position.partition().get(PARTITION);
        if (topic == null || partition == null) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "The partition for a sink connector offset must contain the keys '%s' and '%s'"
                            .formatted(TOPIC, PARTITION));
        }
        return new TopicPartition(topic.toString(), (int) number("partition", "Partition", partition));
    }

    private static @Nullable Long offsetOf(Position position) {
        Map<String, ?> offset = position.offset();
        if (offset == null) {
            return null;
        }
        Object value = offset.get(OFFSET);
        if (value == null) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "The offset for a sink connector should either be null or contain the key '%s'".formatted(OFFSET));
        }
        return number("offset", "Offset", value);
    }

    private static long number(String what, String atStart, Object value) {
        try {
            return Long.parseLong(value.toString());
        } catch (NumberFormatException e) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "Failed to parse the following Kafka %s value in the provided offsets: '%s'. "
                                    .formatted(what, value)
                            + "%s values for sink connectors need to be integers.".formatted(atStart));
        }
    }

    private boolean askSource(DesiredConnector connector, Map<Map<String, ?>, @Nullable Map<String, ?>> offsets) {
        PluginDescriptor plugin = pluginOf(connector);
        try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
            return plugins.newInstance(plugin, SourceConnector.class)
                    .alterOffsets(
                            secrets.revealed(connector.name(), connector.config()),
                            new HashMap<Map<String, ?>, Map<String, ?>>(offsets));
        }
    }

    private boolean askSink(DesiredConnector connector, Map<TopicPartition, @Nullable Long> offsets) {
        PluginDescriptor plugin = pluginOf(connector);
        try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
            return plugins.newInstance(plugin, SinkConnector.class)
                    .alterOffsets(
                            secrets.revealed(connector.name(), connector.config()),
                            new HashMap<TopicPartition, Long>(offsets));
        }
    }

    private PluginDescriptor pluginOf(DesiredConnector connector) {
        return plugins.connectorOf(connector.config());
    }
}
