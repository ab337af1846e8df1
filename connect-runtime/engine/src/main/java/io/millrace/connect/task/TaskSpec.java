package io.millrace.connect.task;

import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.record.FlowMeter;
import java.util.Map;

/**
 * One task to be run.
 *
 * @param plugin its connector
 * @param connectorConfig the config of the connector
 * @param taskConfig what the connector made of it for this task
 * @param flow counts what flows through the connector
 * @param host what the task asks of those who run it
 */
public record TaskSpec(
        TaskId id,
        PluginDescriptor plugin,
        Map<String, String> connectorConfig,
        Map<String, String> taskConfig,
        FlowMeter flow,
        Host host) {

    /**
     * What a task asks of those who run it.
     *
     * <p><b>Threads.</b> Any.
     */
    public interface Host {

        /** The task reads or writes this topic. */
        void usesTopic(String topic);

        /** Returns when no task of an older set of the connector can write in transactions any more. */
        void fenceOlder();

        /**
         * The task has had nothing to do for as long as ends a run of its connector, or has something to do again. Told
         * of connectors that have a schedule.
         */
        void idle(boolean is);
    }

    public TaskSpec {
        connectorConfig = Map.copyOf(connectorConfig);
        taskConfig = Map.copyOf(taskConfig);
    }

    /** The same task with configs as its plugin gets them. */
    TaskSpec revealed(Secrets secrets) {
        return new TaskSpec(
                id,
                plugin,
                secrets.revealed(id.connector(), connectorConfig),
                secrets.revealed(id.connector(), taskConfig),
                flow,
                host);
    }
}
