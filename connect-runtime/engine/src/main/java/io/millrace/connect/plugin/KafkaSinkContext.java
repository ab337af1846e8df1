package io.millrace.connect.plugin;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * The context of a sink task as connectors of others see it. Some want more than the Connect API gives: Iceberg's,
 * which commits offsets in a transaction together with its events, takes the group's metadata from the private field
 * {@code consumer} of Kafka Connect's own context. A copy of this class under that name ({@link #SHOWN_NAME}), and
 * with that field, is what an isolated plugin is given ({@link MovedClasses}).
 */
public final class KafkaSinkContext implements SinkTaskContext {

    /** The name of Kafka Connect's own. */
    static final String SHOWN_NAME = "org.apache.kafka.connect.runtime.WorkerSinkTaskContext";

    private final SinkTaskContext context;

    @SuppressWarnings("unused") // Read by connectors, through reflection.
    private final Consumer<byte[], byte[]> consumer;

    /**
     * @param context what the task may do by the Connect API
     * @param consumer what the task may do besides
     */
    public KafkaSinkContext(SinkTaskContext context, Consumer<byte[], byte[]> consumer) {
        this.context = context;
        this.consumer = consumer;
    }

    @Override
    public Map<String, String> configs() {
        return context.configs();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        context.offset(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
        context.offset(partition, offset);
    }

    @Override
    public void timeout(long milliseconds) {
        context.timeout(milliseconds);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return context.assignment();
    }

    @Override
    public void pause(TopicPartition... partitions) {
        context.pause(partitions);
    }

    @Override
    public void resume(TopicPartition... partitions) {
        context.resume(partitions);
    }

    @Override
    public void requestCommit() {
        context.requestCommit();
    }

    @Override
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        return context.errantRecordReporter();
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return context.pluginMetrics();
    }
}
