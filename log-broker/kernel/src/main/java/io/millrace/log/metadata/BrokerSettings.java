package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The configs of one broker, in Kafka's names: what was given at its start, and above that what was altered while it
 * runs, for all brokers and for this one. Immutable.
 */
public final class BrokerSettings {

    public static final String AUTO_CREATE_TOPICS = "auto.create.topics.enable";
    public static final String NUM_PARTITIONS = "num.partitions";
    public static final String DEFAULT_REPLICATION_FACTOR = "default.replication.factor";
    public static final String DELETE_TOPICS = "delete.topic.enable";
    public static final String RETENTION_CHECK = "log.retention.check.interval.ms";
    public static final String CLEANER_BACKOFF = "log.cleaner.backoff.ms";
    public static final String PRODUCER_ID_EXPIRATION = "producer.id.expiration.ms";
    public static final String FETCH_BYTES_MAX = "fetch.max.bytes";
    public static final String FETCH_SESSIONS_MAX = "max.incremental.fetch.session.cache.slots";
    public static final String PAGE_PARTITIONS_MAX = "max.request.partition.size.limit";
    public static final String CONNECTIONS_MAX = "max.connections";
    public static final String CONNECTIONS_PER_IP_MAX = "max.connections.per.ip";
    public static final String CONNECTIONS_PER_IP_OVERRIDES = "max.connections.per.ip.overrides";
    public static final String CONNECTION_RATE_MAX = "max.connection.creation.rate";
    public static final String CONNECTION_IDLE_MAX = "connections.max.idle.ms";
    public static final String REQUEST_BYTES_MAX = "socket.request.max.bytes";
    public static final String QUEUED_BYTES_MAX = "queued.max.request.bytes";
    public static final String IN_FLIGHT_MAX = "connection.max.in.flight.requests";
    public static final String UNSENT_BYTES_MAX = "connection.max.unsent.bytes";
    public static final String QUOTA_SAMPLES = "quota.window.num";
    public static final String QUOTA_WINDOW = "quota.window.size.seconds";
    public static final String CONTROLLER_QUOTA_SAMPLES = "controller.quota.window.num";
    public static final String CONTROLLER_QUOTA_WINDOW = "controller.quota.window.size.seconds";

    /** A value of a config, and where it comes from. */
    public record Sourced(String name, @Nullable String value, ConfigSource source) {}

    private final Map<String, String> atStart;
    private final Map<String, String> ofAllBrokers;
    private final Map<String, String> ofThisBroker;
    private final Map<String, Object> values;
    private final Map<String, String> topicDefaults;

    private BrokerSettings(
            Map<String, String> atStart, Map<String, String> ofAllBrokers, Map<String, String> ofThisBroker) {
        this.atStart = Sorted.copyOf(atStart);
        this.ofAllBrokers = Sorted.copyOf(ofAllBrokers);
        this.ofThisBroker = Sorted.copyOf(ofThisBroker);
        Map<String, String> set = new TreeMap<>(atStart);
        set.putAll(ofAllBrokers);
        set.putAll(ofThisBroker);
        this.values = BrokerTable.TABLE.parse(set);
        this.topicDefaults = TopicKeys.defaults(values);
    }

    /** All defaults. */
    public static BrokerSettings defaults() {
        return of(Map.of());
    }

    /**
     * Settings as they are at the start of a broker.
     *
     * @param set by key; whatever is not set has its default
     * @throws IllegalArgumentException if a key is unknown, naming the nearest one, or a value is not in its range
     */
    public static BrokerSettings of(Map<String, String> set) {
        String problem = BrokerTable.TABLE.problem(set);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return new BrokerSettings(set, Map.of(), Map.of());
    }

    /** These, as given at the start, with what the metadata has for all brokers and for this one. */
    public BrokerSettings altered(Map<String, String> all, Map<String, String> own) {
        return all.equals(ofAllBrokers) && own.equals(ofThisBroker) ? this : new BrokerSettings(atStart, all, own);
    }

    public static ConfigTable table() {
        return BrokerTable.TABLE;
    }

    public boolean flag(String key) {
        return (boolean) Objects.requireNonNull(values.get(key), key);
    }

    /** The value of a key of type INT or LONG. */
    public long number(String key) {
        return ((Number) Objects.requireNonNull(values.get(key), key)).longValue();
    }

    public int integer(String key) {
        return Math.toIntExact(number(key));
    }

    /** How many connections single addresses may have, by address. */
    public Map<String, Integer> connectionsPerIpOverrides() {
        return AddressLimits.parse(String.valueOf(values.get(CONNECTIONS_PER_IP_OVERRIDES)));
    }

    /** The value of a key of type STRING. */
    public String text(String key) {
        return String.valueOf(values.get(key));
    }

    /** What topics have where they do not say it themselves, by topic config; defaults of the table are left out. */
    Map<String, String> topicDefaults() {
        return topicDefaults;
    }

    /** The value in force as it is shown to clients, null if there is none. */
    public @Nullable String shown(String key) {
        return ConfigTable.shown(Objects.requireNonNull(BrokerTable.TABLE.key(key), key), values.get(key));
    }

    /** Whether logs of topics are kept by these as they are by {@code other}. */
    public boolean sameForLogs(BrokerSettings other) {
        return topicDefaults.equals(other.topicDefaults)
                && number(PRODUCER_ID_EXPIRATION) == other.number(PRODUCER_ID_EXPIRATION);
    }

    /** Everything that was said of a key, what is in force first, the default last. */
    public List<Sourced> sources(String key) {
        List<Sourced> sources = new ArrayList<>();
        add(sources, ofThisBroker, key, ConfigSource.DYNAMIC_BROKER_CONFIG);
        add(sources, ofAllBrokers, key, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        add(sources, atStart, key, ConfigSource.STATIC_BROKER_CONFIG);
        ConfigKey known = Objects.requireNonNull(BrokerTable.TABLE.key(key), key);
        String byDefault = ConfigTable.shown(known, known.defaultValue);
        if (byDefault != null) {
            sources.add(new Sourced(key, byDefault, ConfigSource.DEFAULT_CONFIG));
        }
        return sources;
    }

    private static void add(List<Sourced> sources, Map<String, String> set, String key, ConfigSource source) {
        if (set.containsKey(key)) {
            sources.add(new Sourced(key, set.get(key), source));
        }
    }
}
