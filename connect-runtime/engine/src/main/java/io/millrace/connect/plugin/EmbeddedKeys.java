package io.millrace.connect.plugin;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
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
            embedAlias(keys, ConnectorKeys.TRANSFORMS, alias, PluginType.TRANSFORMATION, transformKeys());
        }
        for (String alias : aliases(ConnectorKeys.PREDICATES)) {
            embedAlias(keys, ConnectorKeys.PREDICATES, alias, PluginType.PREDICATE, new ConfigDef());
        }
        embedConverter(keys, ConnectorKeys.KEY_CONVERTER, PluginType.CONVERTER);
        embedConverter(keys, ConnectorKeys.VALUE_CONVERTER, PluginType.CONVERTER);
        embedConverter(keys, ConnectorKeys.HEADER_CONVERTER, PluginType.HEADER_CONVERTER);
        return keys;
    }

    private Set<String> aliases(String key) {
        return new LinkedHashSet<>(ConnectorKeys.list(config.getOrDefault(key, "")));
    }

    /** Keys of every transform, which hide those of the same name that one of them may have. */
    private static ConfigDef transformKeys() {
        return new ConfigDef()
                .define(
                        "predicate",
                        ConfigDef.Type.STRING,
                        null,
                        Importance.MEDIUM,
                        "The predicate that decides whether the transform is applied.")
                .define(
                        "negate",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether the transform is applied where the predicate does not hold.");
    }

    private void embedAlias(ConfigDef keys, String list, String alias, PluginType type, ConfigDef always) {
        String prefix = list + "." + alias + ".";
        String group =
                (type == PluginType.PREDICATE ? KeyForms.PREDICATES_GROUP : KeyForms.TRANSFORMS_GROUP) + ": " + alias;
        keys.define(
                prefix + "type",
                ConfigDef.Type.CLASS,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH,
                "Class of the %s '%s'.".formatted(type.restName(), alias),
                group,
                0,
                ConfigDef.Width.LONG,
                type.base().getSimpleName() + " type for " + alias,
                new PluginChoice(plugins, type));
        String versionKey = prefix + ConnectorKeys.VERSION_SUFFIX;
        keys.define(
                versionKey,
                ConfigDef.Type.STRING,
                null,
                ConnectorKeys.versionRange(),
                Importance.HIGH,
                "Version of the %s '%s', or a range of versions; the newest where not given."
                        .formatted(type.restName(), alias),
                group,
                1,
                ConfigDef.Width.LONG,
                type.base().getSimpleName() + " version for " + alias);
        definition(config.get(prefix + "type"), config.get(versionKey), type).ifPresent(own -> {
            ConfigDef all = new ConfigDef(always);
            own.configKeys().values().stream()
                    .filter(key -> !all.configKeys().containsKey(key.name))
                    .forEach(all::define);
            keys.embed(prefix, group, 2, all);
        });
    }

    private void embedConverter(ConfigDef keys, String key, PluginType type) {
        definition(config.get(key), config.get(key + "." + ConnectorKeys.VERSION_SUFFIX), type)
                .ifPresent(own -> withoutRole(own)
                        .configKeys()
                        .values()
                        .forEach(each -> keys.define(KeyForms.below(key + ".", each))));
    }

    /** Empty also where it is not installed in that version: that is told at the key. */
    private Optional<ConfigDef> definition(@Nullable String className, @Nullable String version, PluginType type) {
        Optional<PluginDescriptor> plugin =
                className == null ? Optional.empty() : plugins.find(className.strip(), Set.of(type), wanted(version));
        return plugin.map(found -> {
            try (LoaderScope _ = LoaderScope.of(found.loader())) {
                return definitionOf(plugins.newInstance(found, Object.class));
            }
        });
    }

    private static WantedVersion wanted(@Nullable String version) {
        try {
            return WantedVersion.of(ConnectorKeys.VERSION_SUFFIX, version);
        } catch (ConfigException e) {
            return WantedVersion.ANY;
        }
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
