package io.millrace.connect.plugin;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps secret values out of answers. A value is secret when its definition says so ({@code PASSWORD}), or, for a key
 * that nothing defines, when its name does. Its place is taken by {@link #MASK}; a mask that comes back in an update
 * stands for the value that is stored.
 */
public final class Secrets {

    /** What is shown in place of a secret. */
    public static final String MASK = Password.HIDDEN;

    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);
    private static final Pattern TELLING_NAME = Pattern.compile(
            ".*(?:password|passphrase|secret|token|credentials?|private\\.?key|jaas\\.config).*",
            Pattern.CASE_INSENSITIVE);

    private final Plugins plugins;

    public Secrets(Plugins plugins) {
        this.plugins = plugins;
    }

    /** The config as it may be shown. Loads the connector to see its definitions. */
    public Map<String, String> masked(Map<String, String> config) {
        Map<String, ConfigKey> definitions = definitions(config);
        Map<String, String> shown = new TreeMap<>(config);
        shown.replaceAll((key, value) -> value != null && isSecret(key, definitions) ? MASK : value);
        return shown;
    }

    private static boolean isSecret(String key, Map<String, ConfigKey> definitions) {
        ConfigKey definition = definitions.get(key);
        return definition == null ? TELLING_NAME.matcher(key).matches() : definition.type == ConfigDef.Type.PASSWORD;
    }

    private Map<String, ConfigKey> definitions(Map<String, String> config) {
        try {
            PluginDescriptor connector = plugins.connector(config.getOrDefault(ConnectorKeys.CONNECTOR_CLASS, ""));
            Map<String, ConfigKey> definitions = new HashMap<>(new EmbeddedKeys(plugins, config)
                    .definition(connector.type())
                    .configKeys());
            new ConfigValidator(plugins).definitions(connector).forEach(definitions::putIfAbsent);
            return definitions;
        } catch (PluginFailure e) {
            LOG.atDebug().setCause(e).log("a connector's definitions are not there, secrets are told by name");
            return Map.of();
        }
    }

    /** Puts the stored values back where an update carries a mask. */
    public Map<String, String> unmasked(Map<String, String> update, Map<String, String> stored) {
        Set<String> masks = update.entrySet().stream()
                .filter(entry -> MASK.equals(entry.getValue()) && stored.containsKey(entry.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<String, String> whole = new HashMap<>(update);
        masks.forEach(key -> whole.put(key, stored.get(key)));
        return whole;
    }
}
