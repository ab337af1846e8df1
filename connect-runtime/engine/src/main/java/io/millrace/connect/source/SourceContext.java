package io.millrace.connect.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What a source task sees of the runtime.
 *
 * @param configs the config of the task
 * @param offsetStorageReader the committed positions of its connector
 * @param transactionContext takes requests about its transactions; null where it does not define them
 * @param pluginMetrics where it may register metrics of its own (KIP-877)
 */
public record SourceContext(
        Map<String, String> configs,
        OffsetStorageReader offsetStorageReader,
        @Nullable TransactionContext transactionContext,
        PluginMetrics pluginMetrics)
        implements SourceTaskContext {

    /** Forgets the metrics that the task registered. */
    void close() throws IOException {
        if (pluginMetrics instanceof Closeable closeable) {
            closeable.close();
        }
    }
}
