package io.millrace.connect.plugin;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;

/** The keys that name converters: what can be chosen, what the worker has chosen, and whether it is a converter. */
final class ConverterKeys {

    private static final Map<String, PluginType> KINDS = Map.of(
            ConnectorKeys.KEY_CONVERTER, PluginType.CONVERTER,
            ConnectorKeys.VALUE_CONVERTER, PluginType.CONVERTER,
            ConnectorKeys.HEADER_CONVERTER, PluginType.HEADER_CONVERTER);

    private final Plugins plugins;
    private final Map<String, String> worker;

    ConverterKeys(Plugins plugins, Map<String, String> worker) {
        this.plugins = plugins;
        this.worker = worker;
    }

    /** The same keys, where those of converters have the worker's as default, and all there are to choose from. */
    ConfigDef offered(ConfigDef keys) {
        ConfigDef offered = new ConfigDef();
        try (LoaderScope _ = LoaderScope.of(plugins.names())) {
            for (ConfigKey key : keys.configKeys().values()) {
                PluginType kind = KINDS.get(key.name);
                offered.define(
                        kind == null ? key : KeyForms.with(key, worker.get(key.name), new PluginChoice(plugins, kind)));
            }
        }
        return offered;
    }

    /** Adds an error where a class is named that is there, but is no converter. */
    void check(Map<String, String> config, Map<String, ConfigValue> values) {
        KINDS.forEach((key, kind) -> {
            String name = config.get(key);
            ConfigValue value = values.get(key);
            if (name != null
                    && value != null
                    && value.errorMessages().isEmpty()
                    && plugins.find(name.strip(), Set.of(kind)).isEmpty()) {
                value.addErrorMessage("Class %s does not implement the %s interface"
                        .formatted(value.value(), kind.base().getSimpleName()));
            }
        });
    }
}
