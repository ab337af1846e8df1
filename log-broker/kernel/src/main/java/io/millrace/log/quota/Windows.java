package io.millrace.log.quota;

import io.millrace.log.metadata.BrokerSettings;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;

/**
 * Over which time a rate is measured.
 *
 * @param samples how many windows are kept, the running one included
 * @param seconds length of each
 */
public record Windows(int samples, int seconds) {

    /** Those of what clients send, fetch and have the broker work. */
    public static Windows ofClients(BrokerSettings settings) {
        return new Windows(
                settings.integer(BrokerSettings.QUOTA_SAMPLES), settings.integer(BrokerSettings.QUOTA_WINDOW));
    }

    /** Those of changes of topics. */
    public static Windows ofController(BrokerSettings settings) {
        return new Windows(
                settings.integer(BrokerSettings.CONTROLLER_QUOTA_SAMPLES),
                settings.integer(BrokerSettings.CONTROLLER_QUOTA_WINDOW));
    }

    long millis() {
        return TimeUnit.SECONDS.toMillis(seconds);
    }

    MetricConfig metric() {
        return new MetricConfig().samples(samples).timeWindow(seconds, TimeUnit.SECONDS);
    }
}
