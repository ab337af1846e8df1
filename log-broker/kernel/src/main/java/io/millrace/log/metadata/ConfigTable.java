package io.millrace.log.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A table of config keys: name, type, default, range and what each does. A key is <i>fixed</i> if it counts from the
 * start of the process to its end, else it may be altered while the broker runs.
 */
public final class ConfigTable {

    private final ConfigDef keys = new ConfigDef();
    private final Set<String> dynamic = new TreeSet<>();
    private final String what;

    /** @param what of what these are configs, for messages: "topic", "broker" */
    ConfigTable(String what) {
        this.what = what;
    }

    /** Adds a key that does not change while the process runs. */
    ConfigTable fixed(String name, ConfigDef.Type type, @Nullable Object byDefault, String documentation) {
        return fixed(name, type, byDefault, null, documentation);
    }

    /** Adds a key that does not change while the process runs. */
    ConfigTable fixed(
            String name,
            ConfigDef.Type type,
            @Nullable Object byDefault,
            ConfigDef.@Nullable Validator range,
            String documentation) {
        keys.define(name, type, byDefault, range, Importance.MEDIUM, documentation);
        return this;
    }

    /** Adds a key that may be altered at any time. */
    ConfigTable dynamic(
            String name,
            ConfigDef.Type type,
            @Nullable Object byDefault,
            ConfigDef.@Nullable Validator range,
            String documentation) {
        dynamic.add(name);
        return fixed(name, type, byDefault, range, documentation);
    }

    /** All keys, sorted. */
    public Collection<ConfigKey> keys() {
        return new TreeMap<>(keys.configKeys()).values();
    }

    public @Nullable ConfigKey key(String name) {
        return keys.configKeys().get(name);
    }

    public boolean isDynamic(String name) {
        return dynamic.contains(name);
    }

    /** What is wrong with the names and values of {@code set}, each by itself; null if nothing is. */
    @Nullable
    String problem(Map<String, String> set) {
        for (Map.Entry<String, String> entry : new TreeMap<>(set).entrySet()) {
            ConfigKey key = key(entry.getKey());
            String problem = key == null ? unknown(entry.getKey()) : problem(key, entry.getValue());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    String unknown(String name) {
        return "Unknown " + what + " config " + name + ", the nearest known is " + NearestKey.of(name, keys.names());
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

    /** Values for all keys: those of {@code set}, which must be valid, and the defaults. */
    Map<String, Object> parse(Map<String, String> set) {
        return keys.parse(set);
    }

    /** The value of a key as it is shown to clients; null if it has none. */
    static @Nullable String shown(ConfigKey key, @Nullable Object value) {
        return ConfigDef.convertToString(value, key.type);
    }
}
