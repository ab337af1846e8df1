package io.millrace.connect;

import io.millrace.connect.cluster.Cluster;
import io.millrace.connect.log.kafka.KafkaClientSettings;
import io.millrace.connect.plugin.ClientPolicy;
import io.millrace.connect.plugin.ConfigVariables;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.NearestKey;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.task.RetryPolicy;
import io.millrace.connect.task.SourceTransactions;
import io.millrace.connect.task.TaskEnvironment;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.CaseInsensitiveValidString;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/**
 * The config of a worker, read once. Keys have Kafka Connect's names where it has them; what differs in the defaults:
 * positions are committed every second, converters are JSON with schemas, topics get as many copies as the log has
 * nodes but at most three, and the REST interface is on this machine only.
 *
 * <p>Keys below {@code producer.}, {@code consumer.} and {@code admin.} go to those clients; keys of security
 * ({@code security.protocol}, {@code sasl.*}, {@code ssl.*}) go to all of them; keys below a converter's key go to
 * that converter, those below {@code config.providers.} to the providers, those below {@code
 * connector.client.config.override.policy.} to a policy of a plugin. Any other unknown key is an error.
 */
public final class WorkerConfig {

    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    public static final String LISTENERS = "listeners";
    public static final String PLUGIN_PATH = "plugin.path";
    public static final String GROUP_ID = "group.id";
    public static final String CONFIG_TOPIC = "config.storage.topic";
    public static final String OFFSET_TOPIC = "offset.storage.topic";
    public static final String STATUS_TOPIC = "status.storage.topic";
    public static final String OFFSET_PARTITIONS = "offset.storage.partitions";
    public static final String STATUS_PARTITIONS = "status.storage.partitions";
    public static final String REPLICATION_FACTOR = "storage.replication.factor";
    public static final String FLUSH_INTERVAL_MS = "offset.flush.interval.ms";
    public static final String STOP_TIMEOUT_MS = "task.shutdown.graceful.timeout.ms";
    public static final String RETRY_BACKOFF_MS = "task.retry.backoff.ms";
    public static final String RETRY_BACKOFF_MAX_MS = "task.retry.backoff.max.ms";

    public static final String EXACTLY_ONCE_SOURCES = "exactly.once.source.support";

    public static final String CONFIG_PROVIDERS = "config.providers";
    public static final String VERSIONS_MAX = "config.versions.max";
    public static final String UNKNOWN_KEYS = "config.unknown.keys";
    public static final String KEY_FILE = "secrets.key.file";

    private static final String REST_EXTENSIONS = "rest.extension.classes";
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";
    private static final String SIMPLE_HEADERS = "org.apache.kafka.connect.storage.SimpleHeaderConverter";

    private static final List<String> PREFIXES = List.of(
            "producer.",
            "consumer.",
            "admin.",
            CONFIG_PROVIDERS + ".",
            ClientPolicy.KEY + ".",
            "security.",
            "sasl.",
            "ssl.",
            ConnectorKeys.KEY_CONVERTER + ".",
            ConnectorKeys.VALUE_CONVERTER + ".",
            ConnectorKeys.HEADER_CONVERTER + ".");

    private final Map<String, String> given;
    private final Map<String, Object> parsed;
    private final InetSocketAddress listener;

    private WorkerConfig(Map<String, String> given) {
        this.given = new TreeMap<>(given);
        refuseUnknown(given);
        this.parsed = definition().parse(given);
        this.listener = address((String) value(LISTENERS));
    }

    /**
     * @throws ConfigException with a message for people: the key, what is wrong, and what to do
     */
    public static WorkerConfig of(Map<String, String> given) {
        return new WorkerConfig(given);
    }

    /** The table of keys. */
    public static ConfigDef definition() {
        ConfigDef keys = new ConfigDef()
                .define(
                        BOOTSTRAP_SERVERS,
                        ConfigDef.Type.LIST,
                        Importance.HIGH,
                        "Addresses of the log, host:port, separated by commas.")
                .define(
                        LISTENERS,
                        ConfigDef.Type.STRING,
                        "http://127.0.0.1:8083",
                        Importance.HIGH,
                        "Where the REST interface listens, http://host:port; port 0: any free port.")
                .define(
                        GROUP_ID,
                        ConfigDef.Type.STRING,
                        "connect-cluster",
                        Importance.HIGH,
                        "Names the cluster of workers.")
                .define(
                        EXACTLY_ONCE_SOURCES,
                        ConfigDef.Type.STRING,
                        "disabled",
                        CaseInsensitiveValidString.in("disabled", "preparing", "enabled"),
                        Importance.HIGH,
                        "enabled: sources write records and positions in transactions (KIP-618). preparing: disabled.");
        return timeKeys(topicKeys(converterKeys(configKeys(keys))));
    }

    private static ConfigDef configKeys(ConfigDef keys) {
        return keys.define(
                        PLUGIN_PATH,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.HIGH,
                        "Directories of plugins: each sub-directory and each jar in them is one.")
                .define(
                        CONFIG_PROVIDERS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Providers of values for connectors' configs: file, directory, env, or others by .class.")
                .define(
                        ClientPolicy.KEY,
                        ConfigDef.Type.STRING,
                        "All",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "What connectors may override of Kafka clients: All, None, Principal, Allowlist, or a plugin.")
                .define(
                        ClientPolicy.ALLOWLIST,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.MEDIUM,
                        "The settings of Kafka clients that the policy Allowlist lets connectors override.")
                .define(
                        UNKNOWN_KEYS,
                        ConfigDef.Type.STRING,
                        "warn",
                        ConfigDef.ValidString.in("warn", "refuse"),
                        Importance.LOW,
                        "What becomes of keys that a connector does not define. Bundled connectors always refuse them.")
                .define(
                        KEY_FILE,
                        ConfigDef.Type.STRING,
                        "millrace-data/secrets.key",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "File of the keys that secrets in connectors' configs are sealed with; made when not there.");
    }

    private static ConfigDef converterKeys(ConfigDef keys) {
        return keys.define(
                        ConnectorKeys.KEY_CONVERTER,
                        ConfigDef.Type.STRING,
                        JSON,
                        Importance.HIGH,
                        "Converter of record keys for connectors that name none.")
                .define(
                        ConnectorKeys.VALUE_CONVERTER,
                        ConfigDef.Type.STRING,
                        JSON,
                        Importance.HIGH,
                        "Converter of record values for connectors that name none.")
                .define(
                        ConnectorKeys.HEADER_CONVERTER,
                        ConfigDef.Type.STRING,
                        SIMPLE_HEADERS,
                        Importance.LOW,
                        "Converter of header values for connectors that name none.");
    }

    private static ConfigDef topicKeys(ConfigDef keys) {
        ConfigDef.Validator name = new ConfigDef.NonEmptyString();
        return keys.define(
                        CONFIG_TOPIC,
                        ConfigDef.Type.STRING,
                        "connect-configs",
                        name,
                        Importance.HIGH,
                        "Compacted topic that holds what should run.")
                .define(
                        OFFSET_TOPIC,
                        ConfigDef.Type.STRING,
                        "connect-offsets",
                        name,
                        Importance.HIGH,
                        "Compacted topic that holds the positions of sources.")
                .define(
                        STATUS_TOPIC,
                        ConfigDef.Type.STRING,
                        "connect-status",
                        name,
                        Importance.HIGH,
                        "Compacted topic that holds how connectors and tasks are.")
                .define(
                        OFFSET_PARTITIONS,
                        ConfigDef.Type.INT,
                        5,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Partitions of the topic of positions when it is made.")
                .define(
                        STATUS_PARTITIONS,
                        ConfigDef.Type.INT,
                        1,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Partitions of the topic of statuses when it is made.")
                .define(
                        REPLICATION_FACTOR,
                        ConfigDef.Type.SHORT,
                        (short) 3,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Copies of these topics when they are made; never more than the log has nodes.")
                .define(
                        VERSIONS_MAX,
                        ConfigDef.Type.INT,
                        20,
                        Range.between(1, 10_000),
                        Importance.LOW,
                        "How many versions of each connector's config are kept, with the one that counts.");
    }

    private static ConfigDef timeKeys(ConfigDef keys) {
        return keys.define(
                        FLUSH_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        1_000L,
                        Range.atLeast(10),
                        Importance.LOW,
                        "Milliseconds between two commits of positions.")
                .define(
                        STOP_TIMEOUT_MS,
                        ConfigDef.Type.LONG,
                        3_000L,
                        Range.atLeast(100),
                        Importance.LOW,
                        "Milliseconds that a connector or task is given to stop before it is abandoned.")
                .define(
                        RETRY_BACKOFF_MS,
                        ConfigDef.Type.LONG,
                        1_000L,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Milliseconds until a failed connector or task is tried again the first time.")
                .define(
                        RETRY_BACKOFF_MAX_MS,
                        ConfigDef.Type.LONG,
                        60_000L,
                        Range.atLeast(1),
                        Importance.LOW,
                        "The longest pause between two such tries, in milliseconds.");
    }

    private static void refuseUnknown(Map<String, String> given) {
        Map<String, ConfigDef.ConfigKey> known = definition().configKeys();
        if (given.containsKey(REST_EXTENSIONS)) {
            throw new ConfigException(
                    "\"%s\" is not supported: such extensions are written for JAX-RS, which this REST "
                                    .formatted(REST_EXTENSIONS)
                            + "interface is not made with; remove the key, and put what they do, such as a check of"
                            + " passwords, into a proxy in front of \"%s\"".formatted(LISTENERS));
        }
        for (String key : given.keySet()) {
            if (!known.containsKey(key) && PREFIXES.stream().noneMatch(key::startsWith)) {
                throw new ConfigException(NearestKey.message(key, known.keySet()));
            }
        }
    }

    private static InetSocketAddress address(String listener) {
        String text = listener.replaceFirst("^(?i)http://", "").replaceFirst("/$", "");
        int colon = text.lastIndexOf(':');
        try {
            String host = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
            if (!address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(LISTENERS, listener, "http://host:port is wanted");
        }
        throw new ConfigException(LISTENERS, listener, "the host is not known");
    }

    private Object value(String key) {
        Object value = parsed.get(key);
        if (value == null) {
            throw new ConfigException(key, null, "has no value");
        }
        return value;
    }

    private long number(String key) {
        return ((Number) value(key)).longValue();
    }

    /** Where the REST interface shall listen. */
    public InetSocketAddress listener() {
        return listener;
    }

    /** The directories of plugins. */
    public List<Path> pluginPath() {
        return ConnectorKeys.list(given.getOrDefault(PLUGIN_PATH, "")).stream()
                .map(Path::of)
                .toList();
    }

    KafkaClientSettings clients() {
        Map<String, String> common = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.equals(BOOTSTRAP_SERVERS) || key.matches("(security|sasl|ssl)\\..*")) {
                common.put(key, value);
            }
        });
        return new KafkaClientSettings(
                common,
                ConnectorKeys.below("producer.", given),
                ConnectorKeys.below("consumer.", given),
                ConnectorKeys.below("admin.", given));
    }

    Cluster.Topics topics(int nodes) {
        return new Cluster.Topics(
                (String) value(CONFIG_TOPIC),
                (String) value(STATUS_TOPIC),
                (int) number(STATUS_PARTITIONS),
                copies(nodes),
                (int) number(VERSIONS_MAX));
    }

    String offsetTopic() {
        return (String) value(OFFSET_TOPIC);
    }

    int offsetPartitions() {
        return (int) number(OFFSET_PARTITIONS);
    }

    short copies(int nodes) {
        return (short) Math.min(number(REPLICATION_FACTOR), nodes);
    }

    ConfigVariables variables(Plugins plugins) {
        return ConfigVariables.of(
                plugins, given.getOrDefault(CONFIG_PROVIDERS, ""), ConnectorKeys.below(CONFIG_PROVIDERS + ".", given));
    }

    Path keyFile() {
        return Path.of((String) value(KEY_FILE));
    }

    ClientPolicy clientPolicy(Plugins plugins) {
        return ClientPolicy.of(plugins, (String) value(ClientPolicy.KEY), given);
    }

    TaskEnvironment.Settings taskSettings(Secrets secrets, ClientPolicy overrides) {
        Map<String, String> converters = new HashMap<>();
        for (String key :
                List.of(ConnectorKeys.KEY_CONVERTER, ConnectorKeys.VALUE_CONVERTER, ConnectorKeys.HEADER_CONVERTER)) {
            converters.put(key, (String) value(key));
            ConnectorKeys.below(key + ".", given).forEach((own, text) -> converters.put(key + "." + own, text));
        }
        return new TaskEnvironment.Settings(
                converters,
                secrets,
                new SourceTransactions(
                        "enabled"
                                .equals(String.valueOf(value(EXACTLY_ONCE_SOURCES))
                                        .toLowerCase(Locale.ROOT)),
                        (String) value(GROUP_ID)),
                new TaskEnvironment.Pace(
                        number(FLUSH_INTERVAL_MS),
                        number(STOP_TIMEOUT_MS),
                        new RetryPolicy(number(RETRY_BACKOFF_MS), number(RETRY_BACKOFF_MAX_MS))),
                value(UNKNOWN_KEYS).equals("refuse"),
                overrides);
    }
}
