package io.millrace.log.quota;

import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;

/**
 * Something taken per second, measured as Kafka's quotas do: over the last windows, the running one included. Times are
 * in milliseconds and do not go back.
 */
final class RateMeter {

    private final Rate rate = new Rate();
    private final MetricConfig config;

    RateMeter(Windows windows) {
        this.config = windows.metric();
    }

    /** Takes {@code amount}, below 0 to give back what was taken before. */
    void record(double amount, long nowMillis) {
        rate.record(config, amount, nowMillis);
    }

    /** After how many milliseconds without taking anything the rate is down to {@code limit}; 0 if it is now. */
    long excessMillis(double limit, long nowMillis) {
        double now = rate.measure(config, nowMillis);
        return now <= limit ? 0 : Math.round((now - limit) / limit * rate.windowSize(config, nowMillis));
    }
}
