package io.millrace.connector.cdc;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/**
 * The config of one connector: Debezium's keys with the defaults of this connector, and the keys of its own.
 *
 * @param debezium every key as Debezium is to see it, defaults filled in
 * @param flat whether rows go out as a keyed change log, and not in Debezium's envelope
 * @param metadata whether a flat row also says when, where and by what it was changed
 */
record CdcConfig(Map<String, String> debezium, boolean flat, boolean metadata) {

    static final String ROW_FORMAT = "row.format";
    static final String ROW_METADATA = "row.metadata";
    static final String FLAT = "flat";
    static final String ENVELOPE = "envelope";

    static final String HOST = "database.hostname";
    static final String PORT = "database.port";
    static final String USER = "database.user";
    static final String DATABASE = "database.dbname";
    static final String SLOT = "slot.name";
    static final String PUBLICATION = "publication.name";
    static final String TOPIC_PREFIX = "topic.prefix";
    static final String SNAPSHOT_MODE = "snapshot.mode";

    /** What a heartbeat writes into the database's log, so that the slot moves on where nothing else is written. */
    static final String HEARTBEAT_MESSAGE = "millrace";

    private static final int IDENTIFIER_LENGTH_MAX = 63;

    /** Debezium's own defaults are made for other ends: half a second between polls, a slot that may stand still. */
    private static final Map<String, String> DEFAULTS = defaults();

    static final ConfigDef OWN_KEYS = new ConfigDef()
            .define(
                    ROW_FORMAT,
                    ConfigDef.Type.STRING,
                    FLAT,
                    ConfigDef.ValidString.in(FLAT, ENVELOPE),
                    Importance.HIGH,
                    "flat: the key, and the row as it is now, or null for a deleted row. envelope: as Debezium has it.")
            .define(
                    ROW_METADATA,
                    ConfigDef.Type.BOOLEAN,
                    false,
                    Importance.LOW,
                    "Adds __op, __committed_at, __lsn and __tx_id to flat rows.");

    /**
     * Reads and checks the config of a task.
     *
     * @throws ConfigException naming the key, what is wrong with it, and what to write
     */
    static CdcConfig from(Map<String, String> props) {
        AbstractConfig own = new AbstractConfig(OWN_KEYS, props, false);
        boolean flat = own.getString(ROW_FORMAT).equals(FLAT);
        Map<String, String> debezium = withDefaults(props);
        requireSafe(debezium);
        // Debezium chooses some of its parts by this name.
        debezium.put("connector.class", PostgresConnector.class.getName());
        if (flat) {
            debezium.put("tombstones.on.delete", "false");
            debezium.putIfAbsent("skipped.operations", "none");
        }
        return new CdcConfig(Map.copyOf(debezium), flat, own.getBoolean(ROW_METADATA));
    }

    /** The config with every default of this connector filled in. */
    static Map<String, String> withDefaults(Map<String, String> props) {
        Map<String, String> all = new HashMap<>(props);
        String name = props.getOrDefault(TOPIC_PREFIX, props.getOrDefault("name", ""));
        if (!name.isEmpty()) {
            all.putIfAbsent(TOPIC_PREFIX, name);
            all.putIfAbsent(SLOT, identifier(name));
            all.putIfAbsent(PUBLICATION, identifier(name));
        }
        if (all.containsKey("message.prefix.include.list")) {
            all.putIfAbsent("heartbeat.action.query", "");
        } else {
            all.putIfAbsent("message.prefix.exclude.list", HEARTBEAT_MESSAGE);
        }
        if (Boolean.parseBoolean(all.get("read.only"))) {
            all.putIfAbsent("heartbeat.action.query", "");
        }
        DEFAULTS.forEach(all::putIfAbsent);
        return all;
    }

    /**
     * A name as PostgreSQL takes it for a slot: lower-case letters, digits and underscores, 63 at most. A name that had
     * to be changed gets a mark of its own, so that two names do not end up as one.
     */
    static String identifier(String name) {
        String legal = "millrace_" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        if (legal.equals("millrace_" + name) && legal.length() <= IDENTIFIER_LENGTH_MAX) {
            return legal;
        }
        String mark = "_" + Integer.toHexString(name.hashCode());
        return legal.substring(0, Math.min(legal.length(), IDENTIFIER_LENGTH_MAX - mark.length())) + mark;
    }

    /** What would lose changes, or what the checks at start cannot speak for. */
    static void requireSafe(Map<String, String> config) {
        if (Boolean.parseBoolean(config.get("slot.drop.on.stop"))) {
            throw new ConfigException(
                    "slot.drop.on.stop",
                    "true",
                    "Changes made while the connector is stopped would be lost. Leave it out, and drop the slot when "
                            + "the connector is no longer needed");
        }
        if (!"pgoutput".equals(config.get("plugin.name"))) {
            throw new ConfigException(
                    "plugin.name",
                    config.get("plugin.name"),
                    "This connector reads pgoutput, which every PostgreSQL from 10 on has. Leave the key out");
        }
    }

    Configuration configuration() {
        return Configuration.from(debezium);
    }

    String value(String key) {
        return debezium.getOrDefault(key, "");
    }

    /** Debezium's definitions with this connector's defaults, and its own keys. */
    static ConfigDef definition() {
        ConfigDef all = new ConfigDef(OWN_KEYS);
        for (ConfigDef.ConfigKey key :
                PostgresConnectorConfig.configDef().configKeys().values()) {
            all.define(withDefault(key));
        }
        DEFAULTS.keySet().stream()
                .filter(key -> !all.names().contains(key))
                .forEach(key -> all.define(key, ConfigDef.Type.STRING, DEFAULTS.get(key), Importance.LOW, ""));
        return all;
    }

    private static ConfigDef.ConfigKey withDefault(ConfigDef.ConfigKey key) {
        Object value = key.defaultValue;
        if (DEFAULTS.containsKey(key.name)) {
            value = ConfigDef.parseType(key.name, DEFAULTS.get(key.name), key.type);
        } else if (key.name.equals(TOPIC_PREFIX) || key.name.equals(SLOT) || key.name.equals(PUBLICATION)) {
            value = null;
        }
        return new ConfigDef.ConfigKey(
                key.name,
                key.type,
                value,
                null,
                key.importance,
                key.documentation,
                key.group,
                key.orderInGroup,
                key.width,
                key.displayName,
                key.dependents,
                key.recommender,
                key.internalConfig);
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("plugin.name", "pgoutput");
        defaults.put("publication.autocreate.mode", "filtered");
        defaults.put("poll.interval.ms", "5");
        defaults.put("max.batch.size", "4096");
        defaults.put("max.queue.size", "16384");
        defaults.put("heartbeat.interval.ms", "10000");
        defaults.put(
                "heartbeat.action.query",
                "SELECT pg_logical_emit_message(false, '" + HEARTBEAT_MESSAGE + "', 'heartbeat')");
        defaults.put("slot.max.retries", "60");
        defaults.put("slot.retry.delay.ms", "500");
        defaults.put("time.precision.mode", "microseconds");
        defaults.put("interval.handling.mode", "string");
        defaults.put("include.unknown.datatypes", "true");
        defaults.put("post.processors", "reselector");
        defaults.put("post.processors.reselector.type", "io.debezium.processors.reselect.ReselectColumnsPostProcessor");
        defaults.put("post.processors.reselector.reselect.unavailable.values", "true");
        defaults.put("post.processors.reselector.reselect.null.values", "false");
        return defaults;
    }
}
