package io.millrace.log.metadata;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The configs of a topic: the one table of keys, and the values of one topic with the defaults filled in.
 *
 * <p>Names, types, ranges and defaults are Kafka's, as of 4.3; {@code log.flush} is ours. A key that is not in the
 * table is refused, with the nearest key that is: a config that does nothing would be a lie.
 */
public final class TopicConfigs {

    public static final String LOG_FLUSH = "log.flush";

    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1000;
    private static final long DAY_MS = 24L * 60 * 60 * 1000;
    private static final long HOUR_MS = 60L * 60 * 1000;

    /** The header of a v2 record batch: Kafka takes smaller limits, with which nothing can be written. */
    private static final int BATCH_HEADER_BYTES = 61;

    private static final ConfigDef KEYS = new ConfigDef()
            .define(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    ConfigDef.Type.LIST,
                    TopicConfig.CLEANUP_POLICY_DELETE,
                    ValidList.in(false, TopicConfig.CLEANUP_POLICY_COMPACT, TopicConfig.CLEANUP_POLICY_DELETE),
                    Importance.MEDIUM,
                    "What happens to old records: delete drops whole segments by age and size, compact keeps the last"
                            + " record of every key.")
            .define(
                    TopicConfig.RETENTION_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    WEEK_MS,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    "Milliseconds after which a segment may be deleted; -1 keeps it for ever.")
            .define(
                    TopicConfig.RETENTION_BYTES_CONFIG,
                    ConfigDef.Type.LONG,
                    -1L,
                    Range.atLeast(-1),
                    Importance.MEDIUM,
                    "Bytes of a partition above which its oldest segments are deleted; -1 sets no limit.")
            .define(
                    TopicConfig.SEGMENT_BYTES_CONFIG,
                    ConfigDef.Type.INT,
                    1 << 30,
                    Range.atLeast(1 << 20),
                    Importance.MEDIUM,
                    "Bytes after which a new segment file is begun.")
            .define(
                    TopicConfig.SEGMENT_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    WEEK_MS,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Milliseconds after which a new segment file is begun, so that retention can act.")
            .define(
                    TopicConfig.SEGMENT_JITTER_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    0L,
                    Range.atLeast(0),
                    Importance.MEDIUM,
                    "Milliseconds by which segment.ms is shortened at most, differently for each segment.")
            .define(
                    TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
                    ConfigDef.Type.INT,
                    10 << 20,
                    Range.atLeast(4),
                    Importance.LOW,
                    "Bytes of an index after which a new segment file is begun.")
            .define(
                    TopicConfig.PREALLOCATE_CONFIG,
                    ConfigDef.Type.BOOLEAN,
                    false,
                    TopicConfigs::ensureFalse,
                    Importance.LOW,
                    "Segment files grow as they are written: only false is taken.")
            .define(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    ConfigDef.Type.INT,
                    (1 << 20) + 12,
                    Range.atLeast(BATCH_HEADER_BYTES),
                    Importance.MEDIUM,
                    "Largest record batch in bytes, as it is stored.")
            .define(
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    ConfigDef.Type.INT,
                    1,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "In-sync replicas without which a write with acks=all is refused.")
            .define(
                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                    ConfigDef.Type.STRING,
                    "CreateTime",
                    ValidString.in("CreateTime", "LogAppendTime"),
                    Importance.MEDIUM,
                    "Whose clock stamps a record: the producer's or the broker's.")
            .define(
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    Long.MAX_VALUE,
                    Range.atLeast(0),
                    Importance.LOW,
                    "Milliseconds that a record's timestamp may lie behind the broker's clock.")
            .define(
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    HOUR_MS,
                    Range.atLeast(0),
                    Importance.LOW,
                    "Milliseconds that a record's timestamp may lie before the broker's clock.")
            .define(
                    TopicConfig.INDEX_INTERVAL_BYTES_CONFIG,
                    ConfigDef.Type.INT,
                    4096,
                    Range.atLeast(0),
                    Importance.LOW,
                    "Bytes of records between two entries of the offset index.")
            .define(
                    TopicConfig.COMPRESSION_TYPE_CONFIG,
                    ConfigDef.Type.STRING,
                    "producer",
                    ValidString.in("producer"),
                    Importance.LOW,
                    "Batches are stored as the producer compressed them.")
            .define(
                    TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    0L,
                    Range.atLeast(0),
                    Importance.LOW,
                    "Milliseconds for which a record is never compacted.")
            .define(
                    TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    Long.MAX_VALUE,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds after which a record is eligible for compaction at the latest.")
            .define(
                    TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                    ConfigDef.Type.DOUBLE,
                    0.5,
                    Range.between(0, 1),
                    Importance.LOW,
                    "Share of a partition's bytes that must be new since the last compaction before it is compacted.")
            .define(
                    TopicConfig.DELETE_RETENTION_MS_CONFIG,
                    ConfigDef.Type.LONG,
                    DAY_MS,
                    Range.atLeast(0),
                    Importance.LOW,
                    "Milliseconds for which compaction keeps a tombstone.")
            .define(
                    LOG_FLUSH,
                    ConfigDef.Type.STRING,
                    LogFlush.GROUP_COMMIT.configValue(),
                    ValidString.in(LogFlush.GROUP_COMMIT.configValue(), LogFlush.OS.configValue()),
                    Importance.MEDIUM,
                    "group-commit: a record is acknowledged (acks=all) and shown to consumers once it is fsynced; os:"
                            + " once the operating system has it.");

    private final Map<String, Object> values;

    private TopicConfigs(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * The configs of a topic.
     *
     * @param set valid, as {@link #problem} says
     * @param broker gives the default of {@code log.flush}
     */
    public static TopicConfigs of(Map<String, String> set, BrokerConfig broker) {
        Map<String, String> withDefault = new TreeMap<>(set);
        withDefault.putIfAbsent(LOG_FLUSH, broker.topics().logFlush().configValue());
        return new TopicConfigs(KEYS.parse(withDefault));
    }

    /** All keys, sorted. */
    public static Collection<ConfigKey> keys() {
        return new TreeMap<>(KEYS.configKeys()).values();
    }

    public static @Nullable ConfigKey key(String name) {
        return KEYS.configKeys().get(name);
    }

    /** What is wrong with configs to be set for a topic; null if nothing is. */
    public static @Nullable String problem(Map<String, String> set) {
        for (Map.Entry<String, String> entry : set.entrySet()) {
            ConfigKey key = key(entry.getKey());
            if (key == null) {
                return "Unknown topic config " + entry.getKey() + ", the nearest known is "
                        + NearestKey.of(entry.getKey(), KEYS.names());
            }
            String problem = problem(key, entry.getValue());
            if (problem != null) {
                return problem;
            }
        }
        return lagProblem(set);
    }

    private static @Nullable String lagProblem(Map<String, String> set) {
        Map<String, Object> parsed = KEYS.parse(set);
        Object lagMin = Objects.requireNonNull(parsed.get(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG));
        Object lagMax = Objects.requireNonNull(parsed.get(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG));
        return (long) lagMin <= (long) lagMax
                ? null
                : TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG + " " + lagMin + " is larger than "
                        + TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG + " " + lagMax;
    }

    private static void ensureFalse(String name, Object value) {
        if (Boolean.TRUE.equals(value)) {
            throw new ConfigException(name, value, "segment files grow as they are written, only false is taken");
        }
    }

    private static @Nullable String problem(ConfigKey key, String value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return null;
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }

    /** The value as it is shown to clients. */
    public String shown(ConfigKey key) {
        return ConfigDef.convertToString(values.get(key.name), key.type);
    }

    public boolean compacts() {
        return policies().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    public boolean deletes() {
        return policies().contains(TopicConfig.CLEANUP_POLICY_DELETE);
    }

    public LogFlush logFlush() {
        return LogFlush.of(String.valueOf(values.get(LOG_FLUSH)).toLowerCase(Locale.ROOT));
    }

    public boolean logAppendTime() {
        return "LogAppendTime".equals(values.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    }

    /** The value of a key of type INT or LONG. */
    public long number(String key) {
        return ((Number) Objects.requireNonNull(values.get(key), key)).longValue();
    }

    /** The value of a key of type DOUBLE. */
    public double fraction(String key) {
        return ((Number) Objects.requireNonNull(values.get(key), key)).doubleValue();
    }

    private List<?> policies() {
        return (List<?>) Objects.requireNonNull(values.get(TopicConfig.CLEANUP_POLICY_CONFIG));
    }
}
