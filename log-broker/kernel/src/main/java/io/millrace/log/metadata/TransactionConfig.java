package io.millrace.log.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/**
 * What a broker is told about transactions: the one table of keys, and their values. Names, units and ranges are
 * Kafka's; so are the defaults, but for the number of partitions of {@code __transaction_state}.
 */
public final class TransactionConfig {

    public static final String TIMEOUT_MAX = "transaction.max.timeout.ms";
    public static final String ID_EXPIRATION = "transactional.id.expiration.ms";
    public static final String EXPIRATION_CHECK = "transaction.remove.expired.transaction.cleanup.interval.ms";
    public static final String LOAD_BUFFER = "transaction.state.log.load.buffer.size";
    public static final String TOPIC_PARTITIONS = "transaction.state.log.num.partitions";
    public static final String TOPIC_SEGMENT = "transaction.state.log.segment.bytes";

    private static final int COMMIT_TIMEOUT_MS = 30_000;

    private static final ConfigDef KEYS = new ConfigDef()
            .define(
                    TIMEOUT_MAX,
                    ConfigDef.Type.INT,
                    900_000,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Milliseconds: the longest transaction timeout a producer may ask for.")
            .define(
                    ID_EXPIRATION,
                    ConfigDef.Type.INT,
                    7 * 24 * 60 * 60 * 1000,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Milliseconds after which a transactional id that nobody uses is forgotten.")
            .define(
                    EXPIRATION_CHECK,
                    ConfigDef.Type.INT,
                    60 * 60 * 1000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds between two looks for transactional ids that nobody uses.")
            .define(
                    LOAD_BUFFER,
                    ConfigDef.Type.INT,
                    5 * 1024 * 1024,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Bytes of __transaction_state read in one step while a coordinator loads.")
            .define(
                    TOPIC_PARTITIONS,
                    ConfigDef.Type.INT,
                    8,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Partitions of __transaction_state when it is created; never changed afterwards.")
            .define(
                    TOPIC_SEGMENT,
                    ConfigDef.Type.INT,
                    100 * 1024 * 1024,
                    Range.atLeast(1 << 20),
                    Importance.HIGH,
                    "Segment bytes of __transaction_state when it is created; small segments compact and load faster.");

    private final Map<String, Object> values;

    private TransactionConfig(Map<String, Object> values) {
        this.values = values;
    }

    /** All defaults. */
    public static TransactionConfig defaults() {
        return of(Map.of());
    }

    /**
     * @param set by key; whatever is not set has its default
     * @throws IllegalArgumentException if a key is unknown, naming the nearest one, or a value is not in its range
     */
    public static TransactionConfig of(Map<String, String> set) {
        return new TransactionConfig(BrokerKeys.parse(KEYS, set, "transaction"));
    }

    /** All keys, sorted. */
    public static Collection<ConfigKey> keys() {
        return new TreeMap<>(KEYS.configKeys()).values();
    }

    public int timeoutMaxMs() {
        return number(TIMEOUT_MAX);
    }

    public int idExpirationMs() {
        return number(ID_EXPIRATION);
    }

    public int expirationCheckMs() {
        return number(EXPIRATION_CHECK);
    }

    public int loadBytesMax() {
        return number(LOAD_BUFFER);
    }

    /** How long a change of a transaction may take to be committed; Kafka's {@code request.timeout.ms} of a broker. */
    public int commitTimeoutMs() {
        return COMMIT_TIMEOUT_MS;
    }

    public int topicPartitions() {
        return number(TOPIC_PARTITIONS);
    }

    public int topicSegmentBytes() {
        return number(TOPIC_SEGMENT);
    }

    private int number(String key) {
        return (int) Objects.requireNonNull(values.get(key), key);
    }
}
