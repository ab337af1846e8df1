package io.millrace.connect.plugin;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;

/** Adds to the runtime's keys those of the transforms, predicates and converters that a config names. */
final class EmbeddedKeys {

    private final Plugins plugins;
    private final Map<String, String> config;

    EmbeddedKeys(Plugins plugins, Map<String, String> config) {
        this.plugins = plugins;
        this.config = config;
    }

    static String predicateKey(String alias) {
        return ConnectorKeys.TRANSFORMS + "." + alias + ".predicate";
    }

    ConfigDef definition(PluginType connectorType) {
        ConfigDef keys = ConnectorKeys.definition(connectorType);
        for (String alias : aliases(ConnectorKeys.TRANSFORMS)) {
            embedAlias(keys, ConnectorKeys.TRANSFORMS, alias, PluginType.TRANSFORMATION);
            String prefix = ConnectorKeys.TRANSFORMS + "." + alias + ".";
            keys.define(
                    predicateKey(alias),
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "The predicate that decides whether the transform is applied.");
            keys.define(
                    prefix + "negate",
                    ConfigDef.Type.BOOLEAN,
                    false,
                    Importance.MEDIUM,
                    "Whether the transform is applied where the predicate does not hold.");
        }
        for (String alias : aliases(ConnectorKeys.PREDICATES)) {
            embedAlias(keys, ConnectorKeys.PREDICATES, alias, PluginType.PREDICATE);
        }
        embedConverter(keys, ConnectorKeys.KEY_CONVERTER, PluginType.CONVERTER);
        embedConverter(keys, ConnectorKeys.VALUE_CONVERTER, PluginType.CONVERTER);
        embedConverter(keys, ConnectorKeys.HEADER_CONVERTER, PluginType.HEADER_CONVERTER);
        return keys;
    }

    private Set<String> aliases(String key) {
        return new LinkedHashSet<>(ConnectorKeys.list(config.getOrDefault(key, "")));
    }

    private void embedAlias(ConfigDef keys, String list, String alias, PluginType type) {
        String prefix = list + "." + alias + ".";
        keys.define(
                prefix + "type",
                ConfigDef.Type.CLASS,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH,
                "Class of the %s '%s'.".formatted(type.restName(), alias));
        embed(keys, prefix, config.get(prefix + "type"), type);
    }

    private void embedConverter(ConfigDef keys, String key, PluginType type) {
        embed(keys, key + ".", config.get(key), type);
    }

    private void embed(ConfigDef keys, String prefix, @Nullable String className, PluginType type) {
        Optional<PluginDescriptor> plugin =
                className == null ? Optional.empty() : plugins.find(className.strip(), Set.of(type));
        plugin.ifPresent(found -> {
            try (LoaderScope _ = LoaderScope.of(found.loader())) {
                ConfigDef own = definitionOf(plugins.newInstance(found, Object.class));
                keys.embed(prefix, prefix, 0, withoutRole(own));
            }
        });
    }

    /** The runtime itself tells a converter whether it is for keys, values or headers. */
    private static ConfigDef withoutRole(ConfigDef own) {
        ConfigDef given = new ConfigDef();
        own.configKeys().values().stream()
                .filter(key -> !key.name.equals(ConverterConfig.TYPE_CONFIG))
                .forEach(given::define);
        return given;
    }

    /** What a plugin says of its own keys; empty where it says nothing. */
    static ConfigDef definitionOf(Object plugin) {
        ConfigDef own = switch (plugin) {
            case Connector connector -> connector.config();
            case Transformation<?> transformation -> transformation.config();
            case Predicate<?> predicate -> predicate.config();
            case HeaderConverter converter -> converter.config();
            case Converter converter -> converter.config();
            default -> null;
        };
        return own == null ? new ConfigDef() : own;
    }
}
