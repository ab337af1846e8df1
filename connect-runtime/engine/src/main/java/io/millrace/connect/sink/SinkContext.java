package io.millrace.connect.sink;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.IllegalWorkerStateException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * What a sink task sees of the runtime, and what it asked for: the pipeline looks at that between two calls.
 *
 * <p><b>Threads.</b> The task's thread; {@link #requestCommit()} may come from any.
 */
public final class SinkContext implements SinkTaskContext {

    private final Map<String, String> configs;
    private final SinkReader reader;
    private final PluginMetrics metrics;
    private final @Nullable ErrantRecordReporter errantRecords;
    private final Map<TopicPartition, Long> rewinds = new HashMap<>();
    private long timeoutMs = -1;
    private volatile boolean commitRequested;

    /**
     * @param errantRecords null where the config says nothing of what to do with records that the sink refuses
     */
    public SinkContext(
            Map<String, String> configs,
            SinkReader reader,
            PluginMetrics metrics,
            @Nullable ErrantRecordReporter errantRecords) {
        this.configs = Map.copyOf(configs);
        this.reader = reader;
        this.metrics = metrics;
        this.errantRecords = errantRecords;
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

    /** The offsets that the sink asked to go on from, since the last call. */
    Map<TopicPartition, Long> takeRewinds() {
        Map<TopicPartition, Long> taken = Map.copyOf(rewinds);
        rewinds.clear();
        return taken;
    }

    @Override
    public void timeout(long milliseconds) {
        timeoutMs = milliseconds;
    }

    /** How long the sink wants to be left alone, since the last call; 0 or less: it did not say. */
    long takeTimeout() {
        long taken = timeoutMs;
        timeoutMs = -1;
        return taken;
    }

    @Override
    public Set<TopicPartition> assignment() {
        return reader.assignment();
    }

    @Override
    public void pause(TopicPartition... partitions) {
        reader.pause(own("pause", partitions));
    }

    @Override
    public void resume(TopicPartition... partitions) {
        reader.resume(own("resume", partitions));
    }

    private Set<TopicPartition> own(String verb, TopicPartition... partitions) {
        Set<TopicPartition> named = new HashSet<>(List.of(partitions));
        Set<TopicPartition> mine = reader.assignment();
        if (!mine.containsAll(named)) {
            throw new IllegalWorkerStateException(
                    "a sink may %s its own partitions only: it named %s, and has %s".formatted(verb, named, mine));
        }
        return named;
    }

    @Override
    public void requestCommit() {
        commitRequested = true;
    }

    /** Whether the sink asked for a commit, since the last call. */
    boolean takeCommitRequest() {
        boolean taken = commitRequested;
        commitRequested = false;
        return taken;
    }

    @Override
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        return errantRecords;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return metrics;
    }

    /** Forgets the metrics that the task registered. */
    void close() throws IOException {
        if (metrics instanceof Closeable closeable) {
            closeable.close();
        }
    }
}
