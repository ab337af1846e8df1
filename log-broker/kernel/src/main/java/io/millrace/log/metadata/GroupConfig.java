package io.millrace.log.metadata;

import io.millrace.log.metadata.BrokerSettings.Sourced;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is told about consumer groups: the one table of keys, and their values. Names, units and ranges are
 * Kafka's; so are the defaults, but for the number of partitions of {@code __consumer_offsets}.
 */
public final class GroupConfig {

    public static final String SESSION_TIMEOUT_MIN = "group.min.session.timeout.ms";
    public static final String SESSION_TIMEOUT_MAX = "group.max.session.timeout.ms";
    public static final String INITIAL_REBALANCE_DELAY = "group.initial.rebalance.delay.ms";
    public static final String MEMBERS_MAX = "group.max.size";
    public static final String OFFSET_METADATA_MAX = "offset.metadata.max.bytes";
    public static final String OFFSETS_RETENTION = "offsets.retention.minutes";
    public static final String OFFSETS_RETENTION_CHECK = "offsets.retention.check.interval.ms";
    public static final String OFFSETS_COMMIT_TIMEOUT = "offsets.commit.timeout.ms";
    public static final String OFFSETS_LOAD_BUFFER = "offsets.load.buffer.size";
    public static final String OFFSETS_TOPIC_PARTITIONS = "offsets.topic.num.partitions";
    public static final String OFFSETS_TOPIC_SEGMENT = "offsets.topic.segment.bytes";

    private static final long MINUTE_MS = 60_000;

    private static final ConfigDef KEYS = ConsumerGroupConfig.addTo(new ConfigDef())
            .define(
                    SESSION_TIMEOUT_MIN,
                    ConfigDef.Type.INT,
                    6_000,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Milliseconds: the shortest session timeout a group member may ask for.")
            .define(
                    SESSION_TIMEOUT_MAX,
                    ConfigDef.Type.INT,
                    1_800_000,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Milliseconds: the longest session timeout a group member may ask for.")
            .define(
                    INITIAL_REBALANCE_DELAY,
                    ConfigDef.Type.INT,
                    3_000,
                    Range.atLeast(0),
                    Importance.MEDIUM,
                    "Milliseconds for which an empty group waits for more members after the first.")
            .define(
                    MEMBERS_MAX,
                    ConfigDef.Type.INT,
                    Integer.MAX_VALUE,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Members of one group above which no more are let in.")
            .define(
                    OFFSET_METADATA_MAX,
                    ConfigDef.Type.INT,
                    4096,
                    Range.atLeast(0),
                    Importance.HIGH,
                    "Characters of metadata that a client may leave beside an offset.")
            .define(
                    OFFSETS_RETENTION,
                    ConfigDef.Type.INT,
                    7 * 24 * 60,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Minutes for which offsets outlive the last member of their group.")
            .define(
                    OFFSETS_RETENTION_CHECK,
                    ConfigDef.Type.LONG,
                    600_000L,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Milliseconds between two looks for offsets that have outlived their group.")
            .define(
                    OFFSETS_COMMIT_TIMEOUT,
                    ConfigDef.Type.INT,
                    5_000,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Milliseconds that an offset commit may take before the client is told to try again.")
            .define(
                    OFFSETS_LOAD_BUFFER,
                    ConfigDef.Type.INT,
                    5 * 1024 * 1024,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Bytes of __consumer_offsets read in one step while a coordinator loads.")
            .define(
                    OFFSETS_TOPIC_PARTITIONS,
                    ConfigDef.Type.INT,
                    8,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Partitions of __consumer_offsets when it is created; never changed afterwards.")
            .define(
                    OFFSETS_TOPIC_SEGMENT,
                    ConfigDef.Type.INT,
                    100 * 1024 * 1024,
                    Range.atLeast(1 << 20),
                    Importance.HIGH,
                    "Segment bytes of __consumer_offsets when it is created; small segments compact and load faster.");

    private final Map<String, String> set;
    private final Map<String, Object> values;

    private GroupConfig(Map<String, String> set, Map<String, Object> values) {
        this.set = Sorted.copyOf(set);
        this.values = values;
    }

    /** All defaults. */
    public static GroupConfig defaults() {
        return of(Map.of());
    }

    /**
     * @param set by key; whatever is not set has its default
     * @throws IllegalArgumentException if a key is unknown, naming the nearest one, or a value is not in its range
     */
    public static GroupConfig of(Map<String, String> set) {
        GroupConfig config = new GroupConfig(set, BrokerKeys.parse(KEYS, set, "group"));
        if (config.sessionTimeoutMaxMs() < config.sessionTimeoutMinMs()) {
            throw new IllegalArgumentException(SESSION_TIMEOUT_MAX + " is " + config.sessionTimeoutMaxMs() + ", below "
                    + SESSION_TIMEOUT_MIN + ", which is " + config.sessionTimeoutMinMs());
        }
        config.consumers().validate();
        return config;
    }

    /** All keys, sorted. */
    public static Collection<ConfigKey> keys() {
        return new TreeMap<>(KEYS.configKeys()).values();
    }

    /** The value in force as it is shown to clients. */
    public @Nullable String shown(ConfigKey key) {
        return ConfigTable.shown(key, values.get(key.name));
    }

    /** What was said of a key, what is in force first, the default last. */
    public List<Sourced> sources(String name) {
        ConfigKey key = Objects.requireNonNull(KEYS.configKeys().get(name), name);
        Sourced byDefault = new Sourced(name, ConfigTable.shown(key, key.defaultValue), ConfigSource.DEFAULT_CONFIG);
        String given = set.get(name);
        return given == null
                ? List.of(byDefault)
                : List.of(new Sourced(name, given, ConfigSource.STATIC_BROKER_CONFIG), byDefault);
    }

    /** What concerns groups of the consumer protocol. */
    public ConsumerGroupConfig consumers() {
        return new ConsumerGroupConfig(values);
    }

    public int sessionTimeoutMinMs() {
        return (int) number(SESSION_TIMEOUT_MIN);
    }

    public int sessionTimeoutMaxMs() {
        return (int) number(SESSION_TIMEOUT_MAX);
    }

    public int initialRebalanceDelayMs() {
        return (int) number(INITIAL_REBALANCE_DELAY);
    }

    public int membersMax() {
        return (int) number(MEMBERS_MAX);
    }

    /** In characters, whatever Kafka's name for it says. */
    public int offsetMetadataMax() {
        return (int) number(OFFSET_METADATA_MAX);
    }

    public long offsetsRetentionMs() {
        return number(OFFSETS_RETENTION) * MINUTE_MS;
    }

    public long offsetsRetentionCheckMs() {
        return number(OFFSETS_RETENTION_CHECK);
    }

    public int commitTimeoutMs() {
        return (int) number(OFFSETS_COMMIT_TIMEOUT);
    }

    public int loadBytesMax() {
        return (int) number(OFFSETS_LOAD_BUFFER);
    }

    public int topicPartitions() {
        return (int) number(OFFSETS_TOPIC_PARTITIONS);
    }

    public int topicSegmentBytes() {
        return (int) number(OFFSETS_TOPIC_SEGMENT);
    }

    private long number(String key) {
        return ((Number) Objects.requireNonNull(values.get(key), key)).longValue();
    }
}
