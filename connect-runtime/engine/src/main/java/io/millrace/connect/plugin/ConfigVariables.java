package io.millrace.connect.plugin;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.utils.Utils;

/**
 * Values of a connector's config that lie elsewhere (KIP-297): {@code ${file:/path:key}}, {@code ${env:NAME}} or {@code
 * ${directory:/path:file}}, for the providers that the worker's config names. Stored configs keep the variable; only
 * what is handed to a plugin holds the value.
 *
 * <p>The providers are those of the Kafka client, with their own keys, such as {@code allowed.paths}, and plugins.
 *
 * <p><b>Threads.</b> Any.
 */
public final class ConfigVariables implements AutoCloseable {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}:]+):[^}]+}");
    private static final String PACKAGE = "org.apache.kafka.common.config.provider.";
    private static final Map<String, String> WELL_KNOWN = Map.of(
            "file", PACKAGE + "FileConfigProvider",
            "directory", PACKAGE + "DirectoryConfigProvider",
            "env", PACKAGE + "EnvVarConfigProvider");

    private final Map<String, ConfigProvider> providers;
    private final ConfigTransformer transformer;

    /** A provider that comes from a plugin: its loader is the context of each call. */
    private record Isolated(ConfigProvider inner, ClassLoader loader) implements ConfigProvider {

        @Override
        public void configure(Map<String, ?> configs) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.configure(configs);
            }
        }

        @Override
        public ConfigData get(String path) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.get(path);
            }
        }

        @Override
        public ConfigData get(String path, Set<String> keys) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.get(path, keys);
            }
        }

        @Override
        public void close() throws IOException {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.close();
            }
        }
    }

    private ConfigVariables(Map<String, ConfigProvider> providers) {
        this.providers = providers;
        this.transformer = new ConfigTransformer(providers);
    }

    /**
     * Makes the providers.
     *
     * @param names as they stand in variables, separated by commas
     * @param keys {@code <name>.class}, which {@code file}, {@code directory} and {@code env} may leave out, and
     *     {@code <name>.param.*}, which the provider is given
     * @throws ConfigException when a class is not there, or refuses its keys
     */
    public static ConfigVariables of(Plugins plugins, String names, Map<String, String> keys) {
        Map<String, ConfigProvider> providers = new TreeMap<>();
        for (String name : ConnectorKeys.list(names)) {
            providers.put(name, provider(plugins, name, keys));
        }
        return new ConfigVariables(providers);
    }

    private static ConfigProvider provider(Plugins plugins, String name, Map<String, String> keys) {
        String key = name + ".class";
        String className = keys.getOrDefault(key, WELL_KNOWN.getOrDefault(name, ""));
        try {
            ConfigProvider provider = className.startsWith(PACKAGE) ? ofKafka(className) : ofPlugin(plugins, className);
            provider.configure(ConnectorKeys.below(name + ".param.", keys));
            return provider;
        } catch (ClassNotFoundException | PluginFailure e) {
            throw new ConfigException(
                    "config.providers." + key,
                    className,
                    "is not the class of a config provider, here or on the plugin path: " + e.getMessage());
        }
    }

    /** The client's own, which its own copy in some plugin is not. */
    private static ConfigProvider ofKafka(String className) throws ClassNotFoundException {
        return Utils.newInstance(className, ConfigProvider.class);
    }

    private static ConfigProvider ofPlugin(Plugins plugins, String className) {
        PluginDescriptor plugin = plugins.get(PluginType.CONFIG_PROVIDER, className, WantedVersion.ANY);
        return new Isolated(plugins.newInstance(plugin, ConfigProvider.class), plugin.loader());
    }

    /**
     * The config with the values in place of the variables. What looks like a variable of no known provider is left as
     * it is: it may mean something to the connector.
     *
     * @throws ConfigException when a provider has no such value
     */
    public Map<String, String> resolve(Map<String, String> config) {
        if (providers.isEmpty()) {
            return config;
        }
        Map<String, String> resolved =
                new HashMap<>(transformer.transform(config).data());
        config.forEach((key, value) -> refuseUnresolved(key, value, resolved.getOrDefault(key, "")));
        return resolved;
    }

    private void refuseUnresolved(String key, String given, String resolved) {
        Matcher variable = VARIABLE.matcher(given);
        while (variable.find()) {
            if (providers.containsKey(variable.group(1)) && resolved.contains(variable.group())) {
                throw new ConfigException("Invalid value %s for configuration %s: the provider has no such value"
                        .formatted(variable.group(), key));
            }
        }
    }

    /** Whether a value is nothing but variables of known providers. */
    boolean isReference(String value) {
        Matcher variable = VARIABLE.matcher(value);
        int end = 0;
        while (variable.find() && variable.start() == end && providers.containsKey(variable.group(1))) {
            end = variable.end();
        }
        return end > 0 && end == value.length();
    }

    @Override
    public void close() {
        providers.forEach((name, provider) -> Utils.closeQuietly(provider, name));
    }
}
