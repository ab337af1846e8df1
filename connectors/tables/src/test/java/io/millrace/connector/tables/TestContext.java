package io.millrace.connector.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/** What a sink task sees of the runtime; keeps what the task asked for. */
public final class TestContext implements SinkTaskContext {

    /** Offsets the task asked to read from. */
    public final Map<TopicPartition, Long> requested = new HashMap<>();
    /** Records the task set aside, with the reason. */
    public final Map<SinkRecord, Throwable> rejected = new HashMap<>();
    /** Waits the task asked for, in milliseconds. */
    public final List<Long> waits = new ArrayList<>();

    /** How often the task asked to commit offsets. */
    public int commitRequests;

    private final boolean reporting;

    public TestContext(boolean reporting) {
        this.reporting = reporting;
    }

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        requested.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
        requested.put(partition, offset);
    }

    @Override
    public void timeout(long timeoutMs) {
        waits.add(timeoutMs);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.of();
    }

    @Override
    public void pause(TopicPartition... partitions) {
        throw new UnsupportedOperationException("no table sink pauses");
    }

    @Override
    public void resume(TopicPartition... partitions) {
        throw new UnsupportedOperationException("no table sink pauses");
    }

    @Override
    public void requestCommit() {
        commitRequests++;
    }

    @Override
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        if (!reporting) {
            return null;
        }
        return (record, error) -> {
            rejected.put(record, error);
            return CompletableFuture.allOf();
        };
    }

    @Override
    public PluginMetrics pluginMetrics() {
        throw new UnsupportedOperationException("no table sink has metrics of its own");
    }
}
