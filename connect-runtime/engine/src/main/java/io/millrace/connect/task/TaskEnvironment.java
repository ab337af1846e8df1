package io.millrace.connect.task;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.offset.OffsetStores;
import io.millrace.connect.plugin.ClientPolicy;
import io.millrace.connect.plugin.ConfigValidator;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.plugin.Secrets;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.metrics.Metrics;

/**
 * What every connector and task of a worker is given to work with.
 *
 * @param plugins where classes come from
 * @param log where records go to and come from
 * @param offsets the positions of sources
 * @param metrics where plugins register metrics of their own
 * @param timer runs short work that never blocks
 * @param settings what the worker's config says
 */
public record TaskEnvironment(
        Plugins plugins,
        LogClient log,
        OffsetStores offsets,
        Metrics metrics,
        ScheduledExecutorService timer,
        Settings settings) {

    /**
     * What the worker's config says to all connectors and tasks.
     *
     * @param converters the worker's converters, with their keys
     * @param secrets what plugins get and nobody else sees, and values that configs refer to
     * @param transactions how sources deliver
     * @param pace when what is done
     * @param strict whether keys that nothing defines are refused, for every connector
     * @param overrides what connectors may set for the Kafka clients that work for them
     */
    public record Settings(
            Map<String, String> converters,
            Secrets secrets,
            SourceTransactions transactions,
            Pace pace,
            boolean strict,
            ClientPolicy overrides) {

        public Settings {
            converters = Map.copyOf(converters);
        }

        /** What is demanded of configs. */
        public ConfigValidator.Rules rules() {
            return new ConfigValidator.Rules(transactions.enabled(), strict, overrides);
        }
    }

    /**
     * When what is done.
     *
     * @param commitIntervalMs the time between two commits of positions
     * @param stopTimeoutMs how long a connector or task is given to stop
     * @param retry when what failed is tried again
     */
    public record Pace(long commitIntervalMs, long stopTimeoutMs, RetryPolicy retry) {}
}
