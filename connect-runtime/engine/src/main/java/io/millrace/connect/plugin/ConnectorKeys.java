package io.millrace.connect.plugin;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.CaseInsensitiveValidString;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The keys that the runtime itself reads from a connector's config, under Kafka Connect's names and defaults. */
public final class ConnectorKeys {

    public static final String NAME = "name";
    public static final String CONNECTOR_CLASS = "connector.class";
    /** Which versions of the connector's plugin are meant (KIP-891). */
    public static final String CONNECTOR_VERSION = "connector.plugin.version";
    /** The same, of converters, transforms and predicates: below the key that names the plugin. */
    static final String VERSION_SUFFIX = "plugin.version";

    public static final String TASKS_MAX = "tasks.max";
    public static final String TASKS_MAX_ENFORCE = "tasks.max.enforce";
    public static final String KEY_CONVERTER = "key.converter";
    public static final String VALUE_CONVERTER = "value.converter";
    public static final String HEADER_CONVERTER = "header.converter";
    static final String KEY_CONVERTER_VERSION = KEY_CONVERTER + "." + VERSION_SUFFIX;
    static final String VALUE_CONVERTER_VERSION = VALUE_CONVERTER + "." + VERSION_SUFFIX;
    static final String HEADER_CONVERTER_VERSION = HEADER_CONVERTER + "." + VERSION_SUFFIX;
    public static final String TRANSFORMS = "transforms";
    public static final String PREDICATES = "predicates";
    public static final String RETRY_TIMEOUT = "errors.retry.timeout";
    public static final String RETRY_DELAY_MAX = "errors.retry.delay.max.ms";
    public static final String TOLERANCE = "errors.tolerance";
    public static final String LOG_ENABLE = "errors.log.enable";
    public static final String LOG_MESSAGES = "errors.log.include.messages";
    static final String RELOAD = "config.action.reload";
    static final String EXACTLY_ONCE = "exactly.once.support";
    public static final String TRANSACTION_BOUNDARY = "transaction.boundary";
    public static final String TRANSACTION_INTERVAL = "transaction.boundary.interval.ms";
    static final String OFFSETS_TOPIC = "offsets.storage.topic";
    public static final String TOPICS = "topics";
    public static final String TOPICS_REGEX = "topics.regex";
    public static final String DEAD_LETTER_TOPIC = "errors.deadletterqueue.topic.name";
    public static final String DEAD_LETTER_REPLICATION = "errors.deadletterqueue.topic.replication.factor";
    public static final String DEAD_LETTER_HEADERS = "errors.deadletterqueue.context.headers.enable";
    public static final String TOPIC_CREATION_PREFIX = "topic.creation.";
    public static final String TOPIC_CREATION_GROUPS = "topic.creation.groups";
    public static final String TOPIC_CREATION_PARTITIONS = "topic.creation.default.partitions";
    public static final String TOPIC_CREATION_REPLICATION = "topic.creation.default.replication.factor";
    public static final String PRODUCER_PREFIX = "producer.override.";
    public static final String CONSUMER_PREFIX = "consumer.override.";
    public static final String ADMIN_PREFIX = "admin.override.";

    private ConnectorKeys() {}

    /** The definitions for one kind of connector. */
    static ConfigDef definition(PluginType type) {
        ConfigDef keys = QuotaKeys.define(ScheduleKeys.define(errorKeys(pluginKeys(commonKeys()))));
        return KeyForms.placed(type == PluginType.SINK ? sinkKeys(keys) : sourceKeys(keys));
    }

    private static ConfigDef commonKeys() {
        return new ConfigDef()
                .define(
                        NAME,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        nonEmpty(),
                        Importance.HIGH,
                        "The name of the connector, unique on this cluster.")
                .define(
                        CONNECTOR_CLASS,
                        ConfigDef.Type.STRING,
                        Importance.HIGH,
                        "Class of the connector, or its simple name, with or without 'Connector' at the end.")
                .define(
                        CONNECTOR_VERSION,
                        ConfigDef.Type.STRING,
                        null,
                        versionRange(),
                        Importance.MEDIUM,
                        "Version of the connector, or a range of them as Maven writes it; the newest where not given.")
                .define(
                        TASKS_MAX,
                        ConfigDef.Type.INT,
                        1,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "How many tasks the connector may be split into.")
                .define(
                        TASKS_MAX_ENFORCE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether a connector that makes more tasks than allowed fails.")
                .define(
                        RELOAD,
                        ConfigDef.Type.STRING,
                        "restart",
                        ValidString.in("restart", "none"),
                        Importance.LOW,
                        "What to do when an external config value changes.");
    }

    private static ConfigDef pluginKeys(ConfigDef keys) {
        return keys.define(
                        KEY_CONVERTER,
                        ConfigDef.Type.CLASS,
                        null,
                        Importance.LOW,
                        "Converter of record keys; the worker's where not given.")
                .define(
                        KEY_CONVERTER_VERSION,
                        ConfigDef.Type.STRING,
                        null,
                        versionRange(),
                        Importance.LOW,
                        "Version of the converter of keys, or a range of versions; the newest where not given.")
                .define(
                        VALUE_CONVERTER,
                        ConfigDef.Type.CLASS,
                        null,
                        Importance.LOW,
                        "Converter of record values; the worker's where not given.")
                .define(
                        VALUE_CONVERTER_VERSION,
                        ConfigDef.Type.STRING,
                        null,
                        versionRange(),
                        Importance.LOW,
                        "Version of the converter of values, or a range of versions; the newest where not given.")
                .define(
                        HEADER_CONVERTER,
                        ConfigDef.Type.CLASS,
                        null,
                        Importance.LOW,
                        "Converter of header values; the worker's where not given.")
                .define(
                        HEADER_CONVERTER_VERSION,
                        ConfigDef.Type.STRING,
                        null,
                        versionRange(),
                        Importance.LOW,
                        "Version of the converter of header values, or a range of them; the newest where not given.")
                .define(
                        TRANSFORMS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Aliases of the transforms, in the order in which they are applied.")
                .define(
                        PREDICATES,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Aliases of the predicates that transforms refer to.");
    }

    private static ConfigDef errorKeys(ConfigDef keys) {
        return keys.define(
                        RETRY_TIMEOUT,
                        ConfigDef.Type.LONG,
                        0L,
                        Range.atLeast(-1),
                        Importance.MEDIUM,
                        "For how many milliseconds a failed operation on a record is tried again; -1: for ever.")
                .define(
                        RETRY_DELAY_MAX,
                        ConfigDef.Type.LONG,
                        60_000L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "The longest pause between two tries, in milliseconds.")
                .define(
                        TOLERANCE,
                        ConfigDef.Type.STRING,
                        "none",
                        ValidString.in("none", "all"),
                        Importance.MEDIUM,
                        "none: a record that cannot be handled fails the task; all: it is skipped.")
                .define(
                        LOG_ENABLE,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether each failed operation is logged.")
                .define(
                        LOG_MESSAGES,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether the position of the record is logged with it.");
    }

    private static ConfigDef sourceKeys(ConfigDef keys) {
        return exactlyOnceKeys(keys.define(
                        TOPIC_CREATION_GROUPS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Groups of topics with settings of their own, the first that matches counts.")
                .define(
                        TOPIC_CREATION_PARTITIONS,
                        ConfigDef.Type.INT,
                        -1,
                        Importance.LOW,
                        "Partitions of topics that the connector writes to first; -1: the log's default.")
                .define(
                        TOPIC_CREATION_REPLICATION,
                        ConfigDef.Type.SHORT,
                        (short) -1,
                        Importance.LOW,
                        "Copies of topics that the connector writes to first; -1: the log's default."));
    }

    private static ConfigDef exactlyOnceKeys(ConfigDef keys) {
        return keys.define(
                        EXACTLY_ONCE,
                        ConfigDef.Type.STRING,
                        "requested",
                        CaseInsensitiveValidString.in("requested", "required"),
                        Importance.MEDIUM,
                        "required: the config is refused unless the connector says that each record comes exactly once"
                                + " with it, and the worker is set to that. requested: nothing is checked.")
                .define(
                        TRANSACTION_BOUNDARY,
                        ConfigDef.Type.STRING,
                        "poll",
                        CaseInsensitiveValidString.in("poll", "interval", "connector"),
                        Importance.MEDIUM,
                        "Where the worker delivers exactly once, what ends a transaction: poll: each poll; interval:"
                                + " a stretch of time; connector: the connector itself, if it can.")
                .define(
                        TRANSACTION_INTERVAL,
                        ConfigDef.Type.LONG,
                        null,
                        ConfigDef.LambdaValidator.with(
                                ConnectorKeys::requireNoneOrPositive,
                                () -> Range.atLeast(0).toString()),
                        Importance.LOW,
                        "Milliseconds between two ends of transactions that end by interval; where it is not given, the"
                                + " worker's offset.flush.interval.ms.")
                .define(
                        OFFSETS_TOPIC,
                        ConfigDef.Type.STRING,
                        null,
                        new ConfigDef.NonEmptyString(),
                        Importance.LOW,
                        "A topic for the positions of this connector, made where it does not exist; where it is not"
                                + " given, they are in the worker's.");
    }

    /** Whether a source with this config ends its transactions itself, where there are any. */
    public static boolean endsTransactions(Map<String, String> config) {
        return config.getOrDefault(TRANSACTION_BOUNDARY, "").strip().equalsIgnoreCase("connector");
    }

    /** The topic that a source names for its positions; empty where it names none. */
    public static String offsetsTopic(Map<String, String> config) {
        return config.getOrDefault(OFFSETS_TOPIC, "");
    }

    private static void requireNoneOrPositive(String name, @Nullable Object value) {
        if (value != null) {
            Range.atLeast(0).ensureValid(name, value);
        }
    }

    private static ConfigDef sinkKeys(ConfigDef keys) {
        return keys.define(
                        TOPICS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.HIGH,
                        "The topics to read. Either this or topics.regex.")
                .define(
                        TOPICS_REGEX,
                        ConfigDef.Type.STRING,
                        "",
                        regex(),
                        Importance.HIGH,
                        "A pattern for the names of the topics to read. Either this or topics.")
                .define(
                        DEAD_LETTER_TOPIC,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Topic for records that could not be handled; empty: none.")
                .define(
                        DEAD_LETTER_REPLICATION,
                        ConfigDef.Type.SHORT,
                        (short) 3,
                        Importance.MEDIUM,
                        "Copies of that topic when it is made; never more than the log has nodes.")
                .define(
                        DEAD_LETTER_HEADERS,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether headers tell where the record came from and what went wrong.");
    }

    private static ConfigDef.Validator nonEmpty() {
        return new ConfigDef.NonEmptyStringWithoutControlChars();
    }

    static ConfigDef.Validator versionRange() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> WantedVersion.of(name, (String) value), () -> "a version, or a range of versions");
    }

    private static ConfigDef.Validator regex() {
        return ConfigDef.LambdaValidator.with(ConnectorKeys::requireRegex, () -> "a regular expression");
    }

    private static void requireRegex(String name, Object value) {
        try {
            Pattern.compile(String.valueOf(value));
        } catch (PatternSyntaxException e) {
            throw new ConfigException(name, value, "Invalid regex: " + e.getMessage());
        }
    }

    /** The entries below a prefix, without it. */
    public static Map<String, String> below(String prefix, Map<String, String> config) {
        Map<String, String> found = new TreeMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** The names in a comma-separated list. */
    public static List<String> list(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
