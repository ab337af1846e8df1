package io.millrace.connect.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connector as a flow of records.
 *
 * @param status how it and its tasks are
 * @param topics what it reads or writes
 * @param flow what flows, all tasks together
 * @param lagRecords how many records in the log the sink has not committed; null for a source
 * @param lastError why it or a task failed, in one sentence; null while all is well
 */
public record PipelineView(
        StatusView status,
        List<String> topics,
        Flow flow,
        @Nullable Long lagRecords,
        @Nullable String lastError) {

    /**
     * What flowed since the connector was started here.
     *
     * @param recordsIn how many came from the external system, or from the log
     * @param recordsOut how many the log acknowledged, or the sink took
     * @param perSecond how many of these a second, over the last half minute
     * @param freshnessP50Ms half of the recent records could be seen in the target at most so long after their
     *     timestamp; null: none
     * @param freshnessP99Ms 99 % of them; null: none
     */
    public record Flow(
            long recordsIn,
            long recordsOut,
            double perSecond,
            @Nullable Long freshnessP50Ms,
            @Nullable Long freshnessP99Ms) {}
}
