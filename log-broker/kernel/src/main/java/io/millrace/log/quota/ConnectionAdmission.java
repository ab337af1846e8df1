package io.millrace.log.quota;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterSettings;
import io.millrace.log.metadata.QuotaEntity;
import io.millrace.log.metadata.QuotaKeys;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which new connections a broker takes: as many as {@code max.connections} and {@code max.connections.per.ip} allow,
 * and no faster than {@code max.connection.creation.rate} and the quota {@code connection_creation_rate} of their
 * address (KIP-612).
 *
 * <p>Belongs to the loop that accepts connections. Addresses are IP addresses as text, as {@code InetAddress} writes
 * them.
 */
public final class ConnectionAdmission {

    /** Addresses whose rate is measured at one time. One that is quiet for a window is forgotten. */
    private static final int METERS_MAX = 10_000;

    /** What becomes of a new connection. Unless it is refused, {@link #closed} is due when it ends. */
    public sealed interface Verdict {

        /**
         * It is taken.
         *
         * @param pauseMillis for how long no further one may be accepted, because there were too many of late
         */
        record Taken(long pauseMillis) implements Verdict {}

        /** There are as many as allowed: it is closed at once. */
        record Refused() implements Verdict {}

        /** Its address connects too often: it is left unserved for so long, and then closed. */
        record Throttled(long millis) implements Verdict {}
    }

    private final Map<String, Integer> openByAddress = new TreeMap<>();
    private final MeterCache<String> meters;
    private final RateMeter all;
    private final Windows windows;
    private BrokerSettings settings;
    private Map<QuotaEntity, Map<String, Double>> quotas = Map.of();
    private int open;

    public ConnectionAdmission(BrokerSettings settings) {
        this.settings = settings;
        this.windows = Windows.ofClients(settings);
        this.meters = new MeterCache<>(windows, METERS_MAX);
        this.all = new RateMeter(windows);
    }

    /** From now on these limits count; connections beyond them stay. */
    public void configure(BrokerSettings ofBroker, ClusterSettings ofCluster) {
        settings = ofBroker;
        quotas = ofCluster.quotas();
    }

    /** A client has connected. */
    public Verdict opened(String address, long nowMillis) {
        int ofAddress = openByAddress.getOrDefault(address, 0);
        if (open >= settings.number(BrokerSettings.CONNECTIONS_MAX) || ofAddress >= maxOf(address)) {
            return new Verdict.Refused();
        }
        open++;
        openByAddress.put(address, ofAddress + 1);
        long throttle = throttleMillis(address, nowMillis);
        if (throttle > 0) {
            return new Verdict.Throttled(throttle);
        }
        all.record(1, nowMillis);
        long pause = all.excessMillis(settings.integer(BrokerSettings.CONNECTION_RATE_MAX), nowMillis);
        return new Verdict.Taken(Math.min(pause, windows.millis()));
    }

    /** A connection that was not refused has ended. */
    public void closed(String address) {
        open--;
        openByAddress.merge(address, -1, (count, one) -> count + one == 0 ? null : count + one);
    }

    private int maxOf(String address) {
        Integer single = settings.connectionsPerIpOverrides().get(address);
        return single == null ? settings.integer(BrokerSettings.CONNECTIONS_PER_IP_MAX) : single;
    }

    private long throttleMillis(String address, long nowMillis) {
        Double limit = rateOf(address);
        if (limit == null) {
            return 0;
        }
        RateMeter meter = meters.find(address, nowMillis);
        meter.record(1, nowMillis);
        long excess = meter.excessMillis(limit, nowMillis);
        if (excess > 0) {
            meter.record(-1, nowMillis);
        }
        return Math.min(excess, windows.millis());
    }

    private @Nullable Double rateOf(String address) {
        Map<String, Double> own = quotas.getOrDefault(new QuotaEntity(null, null, address), Map.of());
        Double rate = own.get(QuotaKeys.CONNECTION_RATE);
        return rate != null
                ? rate
                : quotas.getOrDefault(new QuotaEntity(null, null, QuotaEntity.DEFAULT), Map.of())
                        .get(QuotaKeys.CONNECTION_RATE);
    }
}
