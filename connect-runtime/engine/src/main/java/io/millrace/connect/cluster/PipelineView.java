package io.millrace.connect.cluster;

import io.millrace.connect.record.Flow;
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
        @Nullable String lastError) {}
