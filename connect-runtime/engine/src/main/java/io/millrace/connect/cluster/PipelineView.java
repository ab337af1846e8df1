package io.millrace.connect.cluster;

import io.millrace.connect.task.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connector as a flow of records.
 *
 * @param status how it and its tasks are, in Kafka Connect's words
 * @param conditions the same, more exactly
 * @param topics what it reads or writes
 * @param flow what flows, all tasks together
 * @param lag how far the sink is behind its topics; null for a source, and while it is not known
 * @param warnings what may be wrong with its config, one message each
 * @param lastError why it or a task failed, in one sentence; null while all is well
 */
public record PipelineView(
        StatusView status,
        Conditions conditions,
        List<String> topics,
        Flow flow,
        @Nullable Lag lag,
        List<String> warnings,
        @Nullable String lastError) {

    /**
     * How the connector and its tasks are.
     *
     * @param overall the worst of all
     * @param connector of the connector itself
     * @param tasks of each task, by number
     */
    public record Conditions(Condition overall, Condition connector, List<Condition> tasks) {}

    /**
     * What flowed since the connector was started here.
     *
     * @param recordsIn how many came from the external system, or from the log
     * @param recordsOut how many the log acknowledged, or the sink took
     * @param logBytes bytes of keys and values that a source has put into the log or a sink read from it
     * @param perSecond how many of these a second, over the last half minute
     * @param freshnessP50Ms half of the recent records could be seen in the target at most so long after their
     *     timestamp; null: none
     * @param freshnessP99Ms 99 % of them; null: none
     */
    public record Flow(
            long recordsIn,
            long recordsOut,
            long logBytes,
            double perSecond,
            @Nullable Long freshnessP50Ms,
            @Nullable Long freshnessP99Ms) {}

    /**
     * How far a sink is behind.
     *
     * @param records how many in the log it has not committed
     * @param seconds the age of the newest record that arrived in the target, 0 when none waits; null: none arrived yet
     */
    public record Lag(long records, @Nullable Double seconds) {}
}
