package io.millrace.connect.plugin;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/** The keys that ask for a version of a plugin (KIP-891): what can be chosen, and whether it is installed. */
final class VersionKeys {

    private static final String SUFFIX = "." + ConnectorKeys.VERSION_SUFFIX;

    private final Plugins plugins;
    private final Map<String, String> config;
    private final Map<String, String> worker;

    /**
     * @param worker the worker's converters, with their keys
     */
    VersionKeys(Plugins plugins, Map<String, String> config, Map<String, String> worker) {
        this.plugins = plugins;
        this.config = config;
        this.worker = worker;
    }

    /** The same keys, where those of versions have the newest as default, and all there are to choose from. */
    ConfigDef offered(ConfigDef keys) {
        ConfigDef offered = new ConfigDef();
        for (ConfigKey key : keys.configKeys().values()) {
            if (key.name.endsWith(SUFFIX)) {
                List<String> there = installed(key.name);
                String newest = there.isEmpty() ? null : there.getLast();
                offered.define(KeyForms.with(key, newest, new VersionChoice(there)));
            } else {
                offered.define(key);
            }
        }
        return offered;
    }

    /** Offers the versions of a plugin; not of a converter whose class is not there. */
    private record VersionChoice(List<String> versions) implements Recommender {

        @Override
        public List<Object> validValues(String name, Map<String, Object> parsed) {
            return List.copyOf(versions);
        }

        @Override
        public boolean visible(String name, Map<String, Object> parsed) {
            String part = partOf(name);
            return !part.endsWith(".converter") || parsed.get(part) != null;
        }
    }

    /** Adds an error where a plugin is installed, but not in the version that is asked for. */
    void check(Map<String, ConfigValue> values) {
        values.forEach((key, value) -> {
            if (key.endsWith(SUFFIX) && config.containsKey(key)) {
                check(key, value);
            }
        });
    }

    private void check(String key, ConfigValue value) {
        try {
            WantedVersion wanted = WantedVersion.of(key, config.get(key));
            List<String> there = installed(key);
            if (!there.isEmpty() && there.stream().noneMatch(wanted::takes)) {
                value.addErrorMessage(
                        "Invalid value %s for configuration %s: not installed in this version, there are: %s"
                                .formatted(config.get(key), key, String.join(", ", there)));
            }
        } catch (ConfigException e) {
            // Its own validator has said so.
            value.visible(true);
        }
    }

    /** The versions in which the plugin is installed whose version the key asks for, the oldest first. */
    private List<String> installed(String key) {
        String part = partOf(key);
        String name = switch (part) {
            case "connector" -> config.get(ConnectorKeys.CONNECTOR_CLASS);
            case ConnectorKeys.KEY_CONVERTER, ConnectorKeys.VALUE_CONVERTER, ConnectorKeys.HEADER_CONVERTER ->
                config.getOrDefault(part, worker.get(part));
            default -> config.get(part + ".type");
        };
        return name == null ? List.of() : plugins.versions(name.strip(), kinds(part));
    }

    /** The key that names the plugin, or its prefix. */
    private static String partOf(String key) {
        return key.substring(0, key.length() - SUFFIX.length());
    }

    private static Set<PluginType> kinds(String part) {
        return switch (part) {
            case "connector" -> EnumSet.of(PluginType.SINK, PluginType.SOURCE);
            case ConnectorKeys.KEY_CONVERTER, ConnectorKeys.VALUE_CONVERTER -> EnumSet.of(PluginType.CONVERTER);
            case ConnectorKeys.HEADER_CONVERTER -> EnumSet.of(PluginType.HEADER_CONVERTER);
            default ->
                part.startsWith(ConnectorKeys.PREDICATES + ".")
                        ? EnumSet.of(PluginType.PREDICATE)
                        : EnumSet.of(PluginType.TRANSFORMATION);
        };
    }
}
