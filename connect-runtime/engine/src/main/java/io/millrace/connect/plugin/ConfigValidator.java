package io.millrace.connect.plugin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Checks a connector config before anything is made of it: the runtime's own keys, those of its transforms, predicates
 * and converters, the connector's definitions, what the connector itself has to say, and keys that nobody knows.
 *
 * <p><b>Threads.</b> Any. Calls into the connector ({@code config}, {@code validate}), which may take long.
 */
public final class ConfigValidator {

    private final Plugins plugins;
    private final Map<String, String> worker;
    private final Rules rules;

    /**
     * What a worker demands of configs.
     *
     * @param exactlyOnce whether its sources deliver in transactions
     * @param strict whether keys that nothing defines are refused for every connector
     * @param overrides what connectors may set for the Kafka clients that work for them
     */
    public record Rules(boolean exactlyOnce, boolean strict, ClientPolicy overrides) {

        /** Of a worker whose settings say nothing of it. */
        public static final Rules DEFAULTS = new Rules(false, false, ClientPolicy.ALL);
    }

    /**
     * @param worker the worker's converters, which connectors that name none get
     * @param rules what the worker demands of configs
     */
    public ConfigValidator(Plugins plugins, Map<String, String> worker, Rules rules) {
        this.plugins = plugins;
        this.worker = Map.copyOf(worker);
        this.rules = rules;
    }

    /**
     * @throws PluginFailure when there is no such connector, or it cannot be made
     * @throws ConfigException when the config names no connector
     */
    public ConfigReport validate(Map<String, String> config) {
        PluginDescriptor connector = connectorOf(config);
        Map<String, ConfigKey> definitions = new LinkedHashMap<>();
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        VersionKeys versions = new VersionKeys(plugins, config, worker);
        ConfigDef framework = versions.offered(offered(connector, config));
        try (LoaderScope _ = LoaderScope.of(plugins.names())) {
            definitions.putAll(framework.configKeys());
            framework.validate(config).forEach(value -> values.put(value.name(), value));
        }
        checkAliases(config, values);
        new ConverterKeys(plugins, worker).check(config, values);
        versions.check(values);
        askConnector(connector, config, definitions, values);
        if (connector.type() == PluginType.SINK) {
            SinkTopics.check(config, values);
        }
        ScheduleKeys.check(config, values);
        new ClientKeys(connector, config, rules).check(definitions, values);
        List<String> warnings = unknown(connector, config, definitions, values);
        String shown = config.getOrDefault(ConnectorKeys.CONNECTOR_CLASS, connector.className());
        return new ConfigReport(shown, connector.type(), groups(definitions), reports(definitions, values), warnings);
    }

    private ConfigDef offered(PluginDescriptor connector, Map<String, String> config) {
        return new ConverterKeys(plugins, worker)
                .offered(new EmbeddedKeys(plugins, config).definition(connector.type()));
    }

    private PluginDescriptor connectorOf(Map<String, String> config) {
        String name = config.get(ConnectorKeys.CONNECTOR_CLASS);
        if (name == null || name.isBlank()) {
            throw new ConfigException("Connector config contains no connector type: add the key \""
                    + ConnectorKeys.CONNECTOR_CLASS + "\" with the class of a connector");
        }
        return plugins.connectorOf(config);
    }

    private static void checkAliases(Map<String, String> config, Map<String, ConfigValue> values) {
        for (String key : List.of(ConnectorKeys.TRANSFORMS, ConnectorKeys.PREDICATES)) {
            List<String> aliases = ConnectorKeys.list(config.getOrDefault(key, ""));
            if (new HashSet<>(aliases).size() < aliases.size()) {
                values.computeIfAbsent(key, ConfigValue::new)
                        .addErrorMessage("Invalid value %s for configuration %s: Duplicate alias provided."
                                .formatted(aliases, key));
            }
        }
        Set<String> predicates = Set.copyOf(ConnectorKeys.list(config.getOrDefault(ConnectorKeys.PREDICATES, "")));
        for (String alias : ConnectorKeys.list(config.getOrDefault(ConnectorKeys.TRANSFORMS, ""))) {
            String key = EmbeddedKeys.predicateKey(alias);
            String predicate = config.get(key);
            if (predicate != null && !predicate.isEmpty() && !predicates.contains(predicate)) {
                values.computeIfAbsent(key, ConfigValue::new)
                        .addErrorMessage("Invalid value %s for configuration %s: no such predicate, known are %s"
                                .formatted(predicate, key, predicates));
            }
        }
    }

    private void askConnector(
            PluginDescriptor plugin,
            Map<String, String> config,
            Map<String, ConfigKey> definitions,
            Map<String, ConfigValue> values) {
        try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
            Connector connector = plugins.newInstance(plugin, Connector.class);
            ConfigDef own = connector.config();
            if (own == null) {
                throw new PluginFailure(plugin.className() + " returns no definition of its config", null);
            }
            own.configKeys().forEach(definitions::putIfAbsent);
            if (connector instanceof SourceConnector source) {
                ExactlyOnceCheck.check(source, config, values, rules.exactlyOnce());
            }
            Config answer = connector.validate(config);
            if (answer == null) {
                throw new PluginFailure(plugin.className() + " returns nothing from validate()", null);
            }
            answer.configValues().forEach(value -> merge(values, value));
        }
    }

    private static void merge(Map<String, ConfigValue> values, ConfigValue added) {
        ConfigValue known = values.putIfAbsent(added.name(), added);
        if (known != null) {
            added.errorMessages().stream()
                    .filter(message -> !known.errorMessages().contains(message))
                    .forEach(known::addErrorMessage);
        }
    }

    /** Refuses keys that nobody knows, or returns a warning for each. */
    private List<String> unknown(
            PluginDescriptor connector,
            Map<String, String> config,
            Map<String, ConfigKey> definitions,
            Map<String, ConfigValue> values) {
        KeySpace space = KeySpace.of(connector);
        List<String> warnings = new ArrayList<>();
        for (String key : space.unknown(config.keySet(), definitions.keySet())) {
            String message = NearestKey.message(key, definitions.keySet());
            if (space.isClosed() || rules.strict()) {
                ConfigValue value = values.computeIfAbsent(key, ConfigValue::new);
                value.value(config.get(key));
                value.addErrorMessage(message);
            } else {
                warnings.add(message + " The connector may read it all the same");
            }
        }
        return warnings;
    }

    /**
     * The keys of a config that nothing defines and that are let through, one message each. The connector is asked for
     * its definitions only.
     */
    public List<String> warnings(Map<String, String> config) {
        PluginDescriptor connector = connectorOf(config);
        Map<String, ConfigKey> definitions =
                new LinkedHashMap<>(offered(connector, config).configKeys());
        definitions(connector).forEach(definitions::putIfAbsent);
        return unknown(connector, config, definitions, new LinkedHashMap<>());
    }

    private static List<KeyReport> reports(Map<String, ConfigKey> definitions, Map<String, ConfigValue> values) {
        return values.values().stream()
                .map(value -> new KeyReport(definitions.get(value.name()), value))
                .toList();
    }

    private static List<String> groups(Map<String, ConfigKey> definitions) {
        return definitions.values().stream()
                .filter(key -> key.group != null)
                .map(key -> key.group)
                .distinct()
                .toList();
    }

    private static Map<String, String> named(PluginDescriptor connector) {
        return Map.of(ConnectorKeys.CONNECTOR_CLASS, connector.className());
    }

    /** The definitions of a plugin of any kind, for a form. */
    public Map<String, ConfigKey> definitions(PluginDescriptor plugin) {
        try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
            ConfigDef own = EmbeddedKeys.definitionOf(plugins.newInstance(plugin, Object.class));
            if (!plugin.type().isConnector()) {
                return new TreeMap<>(own.configKeys());
            }
            Map<String, ConfigKey> all = new LinkedHashMap<>(new VersionKeys(plugins, named(plugin), worker)
                    .offered(ConnectorKeys.definition(plugin.type()))
                    .configKeys());
            own.configKeys().forEach(all::putIfAbsent);
            return all;
        }
    }
}
