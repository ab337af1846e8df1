package io.millrace.connect.cluster;

import io.millrace.connect.cluster.OffsetService.Position;
import io.millrace.connect.offset.ConnectorPositions;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.task.SinkGroups;
import io.millrace.connect.task.TaskEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads how far connectors have come. */
final class CommittedPositions {

    private final TaskEnvironment environment;

    CommittedPositions(TaskEnvironment environment) {
        this.environment = environment;
    }

    List<Position> of(DesiredConnector connector) {
        List<Position> positions = new ArrayList<>();
        if (isSink(connector)) {
            String group = SinkGroups.of(connector.name(), connector.config());
            environment
                    .log()
                    .groupOffsets(List.of(group))
                    .getOrDefault(group, Map.of())
                    .forEach((partition, offset) -> positions.add(OffsetService.sinkPosition(partition, offset)));
        } else {
            ofSource(connector).read().forEach((partition, offset) -> positions.add(new Position(partition, offset)));
        }
        return positions;
    }

    /** Where the positions of a source are. */
    ConnectorPositions ofSource(DesiredConnector connector) {
        Map<String, String> config = environment.settings().secrets().revealed(connector.name(), connector.config());
        return environment.offsets().of(connector.name(), ConnectorKeys.offsetsTopic(config));
    }

    boolean isSink(DesiredConnector connector) {
        return environment.plugins().findConnectorOf(connector.config()).map(PluginDescriptor::type).stream()
                .anyMatch(PluginType.SINK::equals);
    }
}
