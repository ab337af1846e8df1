package io.millrace.connect.cluster;

import java.util.List;
import java.util.Map;

/**
 * A connector as it should be.
 *
 * @param config its config
 * @param target what it should be doing
 * @param tasks the configs of its tasks, as the connector last gave them
 */
public record DesiredConnector(
        String name, Map<String, String> config, TargetState target, List<Map<String, String>> tasks) {

    DesiredConnector with(TargetState other) {
        return new DesiredConnector(name, config, other, tasks);
    }

    DesiredConnector with(Map<String, String> other) {
        return new DesiredConnector(name, other, target, tasks);
    }
}
