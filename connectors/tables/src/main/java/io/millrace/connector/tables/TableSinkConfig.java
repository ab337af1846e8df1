package io.millrace.connector.tables;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.ValidString.in;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The keys that all table sinks have. A key that Confluent's JDBC sink also has bears its name and its meaning;
 * defaults differ where theirs lose rows ({@code insert.mode}, {@code pk.mode}, {@code delete.enabled}) or stop for
 * what can be done ({@code auto.create}, {@code auto.evolve}).
 */
public final class TableSinkConfig extends AbstractConfig {

    public static final String INSERT_MODE = "insert.mode";
    public static final String PK_MODE = "pk.mode";
    public static final String PK_FIELDS = "pk.fields";
    public static final String TABLE_NAME_FORMAT = "table.name.format";
    public static final String STRIP_PREFIX = "table.name.strip.prefix";
    public static final String AUTO_CREATE = "auto.create";
    public static final String AUTO_EVOLVE = "auto.evolve";
    public static final String DELETE_ENABLED = "delete.enabled";
    public static final String BATCH_SIZE = "batch.size";
    public static final String MAX_RETRIES = "max.retries";
    public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
    public static final String OFFSETS_TABLE = "offsets.table";
    public static final String UNAVAILABLE_VALUE = "unavailable.value.placeholder";
    private static final String TOPIC = "${topic}";
    private static final int DEFAULT_BATCH_SIZE = 10_000;
    private static final int BATCH_SIZE_MAX = 1_000_000;
    private static final int DEFAULT_MAX_RETRIES = 10;
    private static final int DEFAULT_RETRY_BACKOFF_MS = 3_000;

    /** Where the columns of the key come from. */
    enum KeySource {
        RECORD_KEY,
        RECORD_VALUE,
        NONE
    }

    TableSinkConfig(Map<String, String> settings) {
        super(keys(), settings);
        for (Map.Entry<String, String> problem : problems(this).entrySet()) {
            throw new ConfigException(problem.getKey(), settings.get(problem.getKey()), problem.getValue());
        }
    }

    /** The definition of the shared keys, to which a connector adds its own. */
    public static ConfigDef keys() {
        ConfigDef keys = new ConfigDef();
        writingKeys(keys);
        tableKeys(keys);
        deliveryKeys(keys);
        return keys;
    }

    private static void writingKeys(ConfigDef keys) {
        keys.define(
                INSERT_MODE,
                ConfigDef.Type.STRING,
                "upsert",
                in("upsert", "insert", "update"),
                HIGH,
                "upsert: a record replaces the row of its key or adds it. insert: every record adds a row."
                        + " update: a record replaces the row of its key, or is dropped.");
        keys.define(
                PK_MODE,
                ConfigDef.Type.STRING,
                "record_key",
                in("record_key", "record_value", "none"),
                HIGH,
                "Where the key columns come from: the record's key, fields of its value (pk.fields), or no key"
                        + " (insert.mode=insert only).");
        keys.define(
                PK_FIELDS,
                ConfigDef.Type.LIST,
                List.of(),
                ConfigDef.ValidList.anyNonDuplicateValues(true, false),
                MEDIUM,
                "Names of the key columns. With record_key and a struct: the fields to use, all by default; with a"
                        + " primitive key: the one column's name. With record_value: fields of the value.");
        keys.define(
                DELETE_ENABLED,
                ConfigDef.Type.BOOLEAN,
                true,
                HIGH,
                "Whether a tombstone (null value) deletes the row of its key. Tombstones are skipped when this is"
                        + " false, with insert.mode=insert, and without pk.mode=record_key.");
        keys.define(
                UNAVAILABLE_VALUE,
                ConfigDef.Type.STRING,
                "__debezium_unavailable_value",
                LOW,
                "What a change source sends for a large value that did not change: the column keeps what it has.");
    }

    private static void tableKeys(ConfigDef keys) {
        keys.define(
                TABLE_NAME_FORMAT,
                ConfigDef.Type.STRING,
                TOPIC,
                new ConfigDef.NonEmptyString(),
                MEDIUM,
                "Name of the table; ${topic} stands for the topic. A dot outside ${topic} divides schema and table."
                        + " Dots of the topic stay in the table's name.");
        keys.define(
                STRIP_PREFIX,
                ConfigDef.Type.STRING,
                "",
                MEDIUM,
                "Removed from the front of the topic before ${topic} is filled in: 'shop.public.' makes the table"
                        + " customers of the topic shop.public.customers.");
        keys.define(AUTO_CREATE, ConfigDef.Type.BOOLEAN, true, MEDIUM, "Whether to create a missing table.");
        keys.define(
                AUTO_EVOLVE,
                ConfigDef.Type.BOOLEAN,
                true,
                MEDIUM,
                "Whether to add missing columns. Columns are never dropped and never change their type.");
    }

    private static void deliveryKeys(ConfigDef keys) {
        keys.define(
                BATCH_SIZE,
                ConfigDef.Type.INT,
                DEFAULT_BATCH_SIZE,
                between(1, BATCH_SIZE_MAX),
                MEDIUM,
                "The most records that one transaction holds.");
        keys.define(
                MAX_RETRIES,
                ConfigDef.Type.INT,
                DEFAULT_MAX_RETRIES,
                atLeast(0),
                MEDIUM,
                "How often to try again after a failure that may pass (connection lost, deadlock) before the task"
                        + " fails.");
        keys.define(
                RETRY_BACKOFF_MS,
                ConfigDef.Type.LONG,
                DEFAULT_RETRY_BACKOFF_MS,
                atLeast(1),
                LOW,
                "Wait before the first retry, in milliseconds; it doubles with each one, up to a minute.");
        keys.define(
                OFFSETS_TABLE,
                ConfigDef.Type.STRING,
                "millrace_offsets",
                new ConfigDef.NonEmptyString(),
                LOW,
                "Table that holds, per connector, topic and partition, the next offset to write; it changes in the"
                        + " same transaction as the data. A dot divides schema and table.");
    }

    /** Combinations of keys that cannot work, as the key to blame and what is wrong; empty when all is well. */
    static Map<String, String> problems(AbstractConfig config) {
        boolean insert = config.getString(INSERT_MODE).equals("insert");
        boolean named = !config.getList(PK_FIELDS).isEmpty();
        String mode = config.getString(PK_MODE);
        if (mode.equals("none") && !insert) {
            return Map.of(PK_MODE, "none needs " + INSERT_MODE + "=insert: without a key no row can be replaced");
        }
        if (mode.equals("record_value") && !named) {
            return Map.of(PK_FIELDS, "record_value needs the names of the key columns");
        }
        if (insert && "true".equals(config.originals().get(DELETE_ENABLED))) {
            return Map.of(DELETE_ENABLED, "insert.mode=insert only adds rows: use upsert, or leave this out");
        }
        for (String key : List.of(TABLE_NAME_FORMAT, OFFSETS_TABLE)) {
            if (config.getString(key).split("\\.", -1).length > 2) {
                return Map.of(key, "one dot at most: it divides schema and table");
            }
        }
        return Map.of();
    }

    KeySource keySource() {
        return KeySource.valueOf(getString(PK_MODE).toUpperCase(Locale.ROOT));
    }

    List<String> keyFields() {
        return getList(PK_FIELDS);
    }

    RowSet.Operation writing() {
        return RowSet.Operation.valueOf(getString(INSERT_MODE).toUpperCase(Locale.ROOT));
    }

    boolean deletes() {
        return getBoolean(DELETE_ENABLED)
                && keySource() == KeySource.RECORD_KEY
                && writing() != RowSet.Operation.INSERT;
    }

    TableName table(String topic) {
        String prefix = getString(STRIP_PREFIX);
        String stripped = topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic;
        String[] parts = getString(TABLE_NAME_FORMAT).split("\\.", -1);
        String name = parts[parts.length - 1].replace(TOPIC, stripped);
        return new TableName(parts.length == 1 ? null : parts[0].replace(TOPIC, stripped), name);
    }

    TableName offsetsTable() {
        String[] parts = getString(OFFSETS_TABLE).split("\\.", -1);
        return new TableName(parts.length == 1 ? null : parts[0], parts[parts.length - 1]);
    }
}
