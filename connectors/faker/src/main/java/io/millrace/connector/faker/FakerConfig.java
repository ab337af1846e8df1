package io.millrace.connector.faker;

import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/**
 * The validated config of one shop; {@link #DEFINITION} is the one table of its keys.
 *
 * @param topicPrefix put before every table name, with a dot; empty for the bare table name
 * @param seed the shop's identity: another seed is another shop
 * @param rows how many change records to make in all, never negative
 * @param rowsPerSecond the highest rate, in records a second; 0 for as fast as the runtime takes them
 * @param batchRows the most records that one poll returns
 */
record FakerConfig(String topicPrefix, long seed, long rows, int rowsPerSecond, int batchRows) {

    static final String TOPIC_PREFIX = "topic.prefix";
    static final String SEED = "seed";
    static final String ROWS = "rows";
    static final String ROWS_PER_SECOND = "rows.per.second";
    static final String BATCH_ROWS = "batch.rows";

    static final long ENDLESS = -1;

    /** Above this a limit costs more than it limits: 0 is what is meant. */
    static final int ROWS_PER_SECOND_MAX = 1_000_000;

    private static final int TOPIC_PREFIX_LENGTH_MAX = 200;

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    TOPIC_PREFIX,
                    ConfigDef.Type.STRING,
                    "shop",
                    ConfigDef.LambdaValidator.with(FakerConfig::requireTopicPrefix, () -> "letters, digits, . _ -"),
                    Importance.HIGH,
                    "Topics are named <topic.prefix>.<table>; empty for the bare table name.")
            .define(
                    SEED,
                    ConfigDef.Type.LONG,
                    1L,
                    Importance.HIGH,
                    "The same seed makes the same shop; another seed makes another shop, from its first record.")
            .define(
                    ROWS,
                    ConfigDef.Type.LONG,
                    ENDLESS,
                    ConfigDef.LambdaValidator.with(FakerConfig::requireRows, () -> "-1, or 0 and more"),
                    Importance.HIGH,
                    "How many change records to make in all (inserts, updates and deletes); -1 for endless.")
            .define(
                    ROWS_PER_SECOND,
                    ConfigDef.Type.INT,
                    0,
                    Range.between(0, ROWS_PER_SECOND_MAX),
                    Importance.MEDIUM,
                    "The highest rate in change records a second; 0 for as fast as they are taken.")
            .define(
                    BATCH_ROWS,
                    ConfigDef.Type.INT,
                    1000,
                    Range.between(1, 100_000),
                    Importance.LOW,
                    "The most change records that one poll hands over.");

    /**
     * Reads and checks the keys of this connector; others are left alone.
     *
     * @throws ConfigException naming the key, the value and the range
     */
    static FakerConfig from(Map<String, String> props) {
        AbstractConfig values = new AbstractConfig(DEFINITION, props, false);
        long rows = values.getLong(ROWS);
        return new FakerConfig(
                values.getString(TOPIC_PREFIX),
                values.getLong(SEED),
                rows == ENDLESS ? ShopScript.CHANGES_MAX : rows,
                values.getInt(ROWS_PER_SECOND),
                values.getInt(BATCH_ROWS));
    }

    /** The topic of each table. */
    Map<ShopScript.Table, String> topics() {
        Map<ShopScript.Table, String> topics = new EnumMap<>(ShopScript.Table.class);
        String before = topicPrefix.isEmpty() ? "" : topicPrefix + ".";
        for (ShopScript.Table table : ShopScript.Table.values()) {
            topics.put(table, before + table.tableName());
        }
        return topics;
    }

    private static void requireTopicPrefix(String key, Object value) {
        String prefix = (String) value;
        if (prefix.length() > TOPIC_PREFIX_LENGTH_MAX || !prefix.matches("[a-zA-Z0-9._-]*")) {
            throw new ConfigException(
                    key,
                    value,
                    "A topic name has only letters, digits, dots, underscores and dashes, and the prefix at most "
                            + TOPIC_PREFIX_LENGTH_MAX + " of them");
        }
    }

    private static void requireRows(String key, Object value) {
        long rows = (Long) value;
        if (rows < ENDLESS || rows > ShopScript.CHANGES_MAX) {
            throw new ConfigException(
                    key, value, "Give a number from 0 to " + ShopScript.CHANGES_MAX + ", or -1 for endless");
        }
    }
}
