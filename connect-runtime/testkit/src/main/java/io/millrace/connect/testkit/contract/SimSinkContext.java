package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

/** What a sink task sees of a runtime; it keeps what the task asked for. */
public final class SimSinkContext implements SinkTaskContext {

    private final Map<String, String> configs;
    private final boolean reporting;
    private final Set<TopicPartition> assignment = new HashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Map<TopicPartition, Long> rewinds = new HashMap<>();
    private final Map<SinkRecord, Throwable> reported = new LinkedHashMap<>();
    private final List<Long> waits = new ArrayList<>();
    private int commitRequests;

    /**
     * @param reporting whether records can be reported, as they can where there are dead letters
     */
    public SimSinkContext(Map<String, String> configs, boolean reporting) {
        this.configs = Map.copyOf(configs);
        this.reporting = reporting;
    }

    /** Offsets that the task asked to go on from. */
    public Map<TopicPartition, Long> rewinds() {
        return rewinds;
    }

    /** Records that the task set aside, with the reason. */
    public Map<SinkRecord, Throwable> reported() {
        return reported;
    }

    /** Waits that the task asked for, in milliseconds. */
    public List<Long> waits() {
        return waits;
    }

    /** How often the task asked for a commit. */
    public int commitRequests() {
        return commitRequests;
    }

    Set<TopicPartition> paused() {
        return paused;
    }

    void assign(Set<TopicPartition> partitions) {
        assignment.addAll(partitions);
    }

    void revoke(Set<TopicPartition> partitions) {
        assignment.removeAll(partitions);
        paused.removeAll(partitions);
        rewinds.keySet().removeAll(partitions);
    }

    @Override
    public Map<String, String> configs() {
        return configs;
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        rewinds.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
        rewinds.put(partition, offset);
    }

    @Override
    public void timeout(long timeoutMs) {
        waits.add(timeoutMs);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.copyOf(assignment);
    }

    @Override
    public void pause(TopicPartition... partitions) {
        paused.addAll(Set.of(partitions));
    }

    @Override
    public void resume(TopicPartition... partitions) {
        paused.removeAll(Set.of(partitions));
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
            reported.put(record, error);
            return CompletableFuture.allOf();
        };
    }

    @Override
    public PluginMetrics pluginMetrics() {
        throw new UnsupportedOperationException("there are no metrics here");
    }
}
