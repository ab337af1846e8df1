package io.millrace.connect.task;

import io.millrace.connect.plugin.ConfigVariables;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.record.FlowMeter;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One task to be run.
 *
 * @param plugin its connector
 * @param connectorConfig the config of the connector
 * @param taskConfig what the connector made of it for this task
 * @param flow counts what flows through the connector
 * @param onTopic told of topics that the task reads or writes
 */
public record TaskSpec(
        TaskId id,
        PluginDescriptor plugin,
        Map<String, String> connectorConfig,
        Map<String, String> taskConfig,
        FlowMeter flow,
        Consumer<String> onTopic) {

    public TaskSpec {
        connectorConfig = Map.copyOf(connectorConfig);
        taskConfig = Map.copyOf(taskConfig);
    }

    /** The same task with values in place of the variables of its configs. */
    TaskSpec resolved(ConfigVariables variables) {
        return new TaskSpec(
                id, plugin, variables.resolve(connectorConfig), variables.resolve(taskConfig), flow, onTopic);
    }
}
