package io.millrace.log.metadata;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The configs of a topic, and the configs of the broker that give their defaults. Names, types, ranges and defaults are
 * Kafka's, as of 4.3; {@code log.flush} is ours.
 */
final class TopicKeys {

    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1000;
    private static final long DAY_MS = 24L * 60 * 60 * 1000;
    private static final long HOUR_MS = 60L * 60 * 1000;
    private static final long MINUTE_MS = 60_000;

    /** The header of a v2 record batch: Kafka takes smaller limits, with which nothing can be written. */
    private static final int BATCH_HEADER_BYTES = 61;

    static final ConfigTable TABLE = new ConfigTable("topic");

    private static final Map<String, List<Synonym>> SYNONYMS = new TreeMap<>();

    /**
     * A broker config that gives the default of a topic config.
     *
     * @param factor what a number is multiplied with, 1 for a value that is taken as it is
     */
    record Synonym(String name, long factor) {

        private Object convert(Object value) {
            if (factor == 1) {
                return value;
            }
            long number = ((Number) value).longValue();
            return number < 0 ? -1L : number * factor;
        }
    }

    static {
        retention();
        segments();
        records();
        compaction();
    }

    private TopicKeys() {}

    /** The broker configs that give the default of a topic config; the first that is set counts. */
    static List<Synonym> synonyms(String topicConfig) {
        return SYNONYMS.getOrDefault(topicConfig, List.of());
    }

    /** What the values of a broker say of topic configs, by topic config. */
    static Map<String, String> defaults(Map<String, Object> broker) {
        Map<String, String> defaults = new TreeMap<>();
        SYNONYMS.forEach((topicConfig, synonyms) -> {
            ConfigKey key = Objects.requireNonNull(TABLE.key(topicConfig), topicConfig);
            for (Synonym synonym : synonyms) {
                Object value = broker.get(synonym.name());
                if (value != null) {
                    defaults.put(topicConfig, String.valueOf(ConfigTable.shown(key, synonym.convert(value))));
                    return;
                }
            }
        });
        return Sorted.copyOf(defaults);
    }

    /** Adds the broker's side of every topic config that has one. */
    static void addBrokerDefaults(ConfigTable broker) {
        for (ConfigKey key : TABLE.keys()) {
            List<Synonym> synonyms = synonyms(key.name);
            if (!synonyms.isEmpty()) {
                broker.dynamic(
                        synonyms.getFirst().name(),
                        key.type,
                        synonyms.size() == 1 ? key.defaultValue : null,
                        orUnset(key.validator),
                        "Default of the topic config " + key.name + ".");
            }
        }
    }

    private static ConfigDef.@Nullable Validator orUnset(ConfigDef.@Nullable Validator range) {
        return range == null
                ? null
                : ConfigDef.LambdaValidator.with(
                        (name, value) -> {
                            if (value != null) {
                                range.ensureValid(name, value);
                            }
                        },
                        range::toString);
    }

    private static void retention() {
        add(
                "log.cleanup.policy",
                TopicConfig.CLEANUP_POLICY_CONFIG,
                ConfigDef.Type.LIST,
                TopicConfig.CLEANUP_POLICY_DELETE,
                ValidList.in(false, TopicConfig.CLEANUP_POLICY_COMPACT, TopicConfig.CLEANUP_POLICY_DELETE),
                "What happens to old records: delete drops whole segments by age and size, compact keeps the last"
                        + " record of every key.");
        TABLE.dynamic(
                TopicConfig.RETENTION_MS_CONFIG,
                ConfigDef.Type.LONG,
                WEEK_MS,
                atLeast(-1),
                "Milliseconds after which a segment may be deleted; -1 keeps it for ever.");
        SYNONYMS.put(
                TopicConfig.RETENTION_MS_CONFIG,
                List.of(
                        new Synonym("log.retention.ms", 1),
                        new Synonym("log.retention.minutes", MINUTE_MS),
                        new Synonym("log.retention.hours", HOUR_MS)));
        add(
                "log.retention.bytes",
                TopicConfig.RETENTION_BYTES_CONFIG,
                ConfigDef.Type.LONG,
                -1L,
                atLeast(-1),
                "Bytes of a partition above which its oldest segments are deleted; -1 sets no limit.");
        add(
                "log.flush",
                TopicConfigs.LOG_FLUSH,
                ConfigDef.Type.STRING,
                LogFlush.GROUP_COMMIT.configValue(),
                ValidString.in(LogFlush.GROUP_COMMIT.configValue(), LogFlush.OS.configValue()),
                "group-commit: a record is acknowledged (acks=all) and shown to consumers once it is fsynced; os: once"
                        + " the operating system has it.");
    }

    private static void segments() {
        add(
                "log.segment.bytes",
                TopicConfig.SEGMENT_BYTES_CONFIG,
                ConfigDef.Type.INT,
                1 << 30,
                atLeast(1 << 20),
                "Bytes after which a new segment file is begun.");
        TABLE.dynamic(
                TopicConfig.SEGMENT_MS_CONFIG,
                ConfigDef.Type.LONG,
                WEEK_MS,
                atLeast(1),
                "Milliseconds after which a new segment file is begun, so that retention can act.");
        SYNONYMS.put(
                TopicConfig.SEGMENT_MS_CONFIG,
                List.of(new Synonym("log.roll.ms", 1), new Synonym("log.roll.hours", HOUR_MS)));
        TABLE.dynamic(
                TopicConfig.SEGMENT_JITTER_MS_CONFIG,
                ConfigDef.Type.LONG,
                0L,
                atLeast(0),
                "Milliseconds by which segment.ms is shortened at most, differently for each segment.");
        SYNONYMS.put(
                TopicConfig.SEGMENT_JITTER_MS_CONFIG,
                List.of(new Synonym("log.roll.jitter.ms", 1), new Synonym("log.roll.jitter.hours", HOUR_MS)));
        add(
                "log.index.size.max.bytes",
                TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
                ConfigDef.Type.INT,
                10 << 20,
                atLeast(4),
                "Bytes of an index after which a new segment file is begun.");
        add(
                "log.preallocate",
                TopicConfig.PREALLOCATE_CONFIG,
                ConfigDef.Type.BOOLEAN,
                false,
                ConfigDef.LambdaValidator.with(TopicKeys::ensureFalse, () -> "false"),
                "Segment files grow as they are written: only false is taken.");
        add(
                "log.index.interval.bytes",
                TopicConfig.INDEX_INTERVAL_BYTES_CONFIG,
                ConfigDef.Type.INT,
                4096,
                atLeast(0),
                "Bytes of records between two entries of the offset index.");
    }

    private static void records() {
        add(
                "message.max.bytes",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                ConfigDef.Type.INT,
                (1 << 20) + 12,
                atLeast(BATCH_HEADER_BYTES),
                "Largest record batch in bytes, as it is stored.");
        add(
                "min.insync.replicas",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                ConfigDef.Type.INT,
                1,
                atLeast(1),
                "In-sync replicas without which a write with acks=all is refused.");
        add(
                "log.message.timestamp.type",
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                ConfigDef.Type.STRING,
                "CreateTime",
                ValidString.in("CreateTime", "LogAppendTime"),
                "Whose clock stamps a record: the producer's or the broker's.");
        add(
                "log.message.timestamp.before.max.ms",
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                ConfigDef.Type.LONG,
                Long.MAX_VALUE,
                atLeast(0),
                "Milliseconds that a record's timestamp may lie behind the broker's clock.");
        add(
                "log.message.timestamp.after.max.ms",
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                ConfigDef.Type.LONG,
                HOUR_MS,
                atLeast(0),
                "Milliseconds that a record's timestamp may lie before the broker's clock.");
        add(
                "compression.type",
                TopicConfig.COMPRESSION_TYPE_CONFIG,
                ConfigDef.Type.STRING,
                "producer",
                ValidString.in("producer"),
                "Batches are stored as the producer compressed them.");
    }

    private static void compaction() {
        add(
                "log.cleaner.min.compaction.lag.ms",
                TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                ConfigDef.Type.LONG,
                0L,
                atLeast(0),
                "Milliseconds for which a record is never compacted.");
        add(
                "log.cleaner.max.compaction.lag.ms",
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                ConfigDef.Type.LONG,
                Long.MAX_VALUE,
                atLeast(1),
                "Milliseconds after which a record is eligible for compaction at the latest.");
        add(
                "log.cleaner.min.cleanable.ratio",
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                ConfigDef.Type.DOUBLE,
                0.5,
                between(0, 1),
                "Share of a partition's bytes that must be new since the last compaction before it is compacted.");
        add(
                "log.cleaner.delete.retention.ms",
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                ConfigDef.Type.LONG,
                DAY_MS,
                atLeast(0),
                "Milliseconds for which compaction keeps a tombstone.");
    }

    private static void ensureFalse(String name, Object value) {
        if (Boolean.TRUE.equals(value)) {
            throw new ConfigException(name, value, "segment files grow as they are written, only false is taken");
        }
    }

    private static void add(
            String brokerName,
            String name,
            ConfigDef.Type type,
            Object byDefault,
            ConfigDef.Validator range,
            String documentation) {
        TABLE.dynamic(name, type, byDefault, range, documentation);
        SYNONYMS.put(name, List.of(new Synonym(brokerName, 1)));
    }
}
