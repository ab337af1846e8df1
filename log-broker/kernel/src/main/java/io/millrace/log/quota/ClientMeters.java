package io.millrace.log.quota;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ChangeBudget;
import java.util.LinkedHashMap;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.metrics.stats.TokenBucket;
import org.jspecify.annotations.Nullable;

/**
 * What clients took of late, of those quotas whose meters lie on one shard. Times are in milliseconds and do not go
 * back.
 */
public final class ClientMeters {

    /** Holders that are measured at one time: a client may call itself what it likes. */
    private static final int METERS_MAX = 10_000;

    private final Windows windows;
    private final Windows ofController;
    private final MeterCache<ClientQuota.Meter> rates;
    private final LinkedHashMap<ClientQuota.Meter, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    public ClientMeters(BrokerSettings settings) {
        windows = Windows.ofClients(settings);
        ofController = Windows.ofController(settings);
        rates = new MeterCache<>(windows, METERS_MAX);
    }

    /** Takes {@code amount}; gives for how many milliseconds the client is to be held back, 0 if it is not. */
    public long charge(ClientQuota quota, double amount, long nowMillis) {
        RateMeter meter = rates.find(quota.meter(), nowMillis);
        meter.record(amount, nowMillis);
        return meter.excessMillis(quota.limit(), nowMillis);
    }

    /** Takes back what was charged and not used. */
    public void giveBack(ClientQuota quota, double amount, long nowMillis) {
        rates.find(quota.meter(), nowMillis).record(-amount, nowMillis);
    }

    /** The longest that a client is held back for the time it takes. */
    public static long requestThrottleMillisMax(BrokerSettings settings) {
        return Windows.ofClients(settings).millis();
    }

    /** The most that fits into a quota's windows: a fetch that asks for more is given no more. */
    public static double windowMax(BrokerSettings settings, ClientQuota quota) {
        Windows windows = Windows.ofClients(settings);
        return quota.limit() * Math.max(1, windows.samples() - 1) * windows.seconds();
    }

    /**
     * What a client may change now.
     *
     * @param quota null for a client without one
     * @param strict whether changes beyond the quota are refused; else they are only followed by a pause
     */
    public Changes changes(@Nullable ClientQuota quota, boolean strict, long nowMillis) {
        if (quota == null) {
            return new Changes(null, new MetricConfig(), strict, nowMillis);
        }
        TokenBucket bucket = buckets.computeIfAbsent(quota.meter(), ignored -> new TokenBucket());
        if (buckets.size() > METERS_MAX) {
            buckets.pollFirstEntry();
        }
        return new Changes(bucket, ofController.metric().quota(new Quota(quota.limit(), true)), strict, nowMillis);
    }

    /** The changes of one request, taken from a token bucket: a burst is allowed, and paid for afterwards. */
    public static final class Changes implements ChangeBudget {

        private final @Nullable TokenBucket bucket;
        private final MetricConfig config;
        private final boolean strict;
        private final long nowMillis;

        private Changes(@Nullable TokenBucket bucket, MetricConfig config, boolean strict, long nowMillis) {
            this.bucket = bucket;
            this.config = config;
            this.strict = strict;
            this.nowMillis = nowMillis;
        }

        @Override
        public boolean take(int partitions) {
            if (bucket == null) {
                return true;
            }
            if (strict && bucket.measure(config, nowMillis) < 0) {
                return false;
            }
            bucket.record(config, partitions, nowMillis);
            return true;
        }

        /** For how many milliseconds the client is to be held back, 0 if it is not. */
        public long throttleMillis() {
            if (bucket == null) {
                return 0;
            }
            double tokens = bucket.measure(config, nowMillis);
            return tokens >= 0 ? 0 : Math.round(-tokens / config.quota().bound() * 1000);
        }
    }
}
