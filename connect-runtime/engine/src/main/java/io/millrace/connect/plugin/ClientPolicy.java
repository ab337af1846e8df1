package io.millrace.connect.plugin;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;

/**
 * What the worker lets connectors override of the settings of the Kafka clients that work for them (KIP-458): under
 * Kafka Connect's names {@code All}, {@code None}, {@code Principal} or {@code Allowlist}, or a plugin's.
 *
 * <p><b>Threads.</b> Any.
 */
public final class ClientPolicy implements AutoCloseable {

    /** The worker's key that names it. Keys of a plugin's own start with this and a dot. */
    public static final String KEY = "connector.client.config.override.policy";

    /** The worker's key with the settings that {@code Allowlist} lets pass. */
    public static final String ALLOWLIST = "connector.client.config.override.allowlist";

    /** Lets everything pass. */
    public static final ClientPolicy ALL =
            new ClientPolicy(new BuiltIn("All", _ -> true), ClientPolicy.class.getClassLoader());

    private static final Set<String> OF_PRINCIPAL = Set.of("sasl.jaas.config", "sasl.mechanism", "security.protocol");
    private static final String KAFKA_PACKAGE = "org.apache.kafka.connect.connector.policy.";

    private final ConnectorClientConfigOverridePolicy policy;
    private final ClassLoader loader;

    /** One that goes by the names of settings. */
    private record BuiltIn(String name, Predicate<String> lets) implements ConnectorClientConfigOverridePolicy {

        @Override
        public List<ConfigValue> validate(ConnectorClientConfigRequest request) {
            return request.clientProps().keySet().stream()
                    .filter(setting -> !lets.test(setting))
                    .map(this::refusal)
                    .toList();
        }

        private ConfigValue refusal(String setting) {
            ConfigValue refused = new ConfigValue(setting);
            refused.addErrorMessage(
                    "The '%s' policy does not allow '%s' to be overridden in the connector configuration."
                            .formatted(name, setting));
            return refused;
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    private ClientPolicy(ConnectorClientConfigOverridePolicy policy, ClassLoader loader) {
        this.policy = policy;
        this.loader = loader;
    }

    /**
     * Makes the one that a worker's config names.
     *
     * @param worker the config, which a plugin is given whole
     * @throws ConfigException when there is no such plugin, or it does not take the config
     */
    public static ClientPolicy of(Plugins plugins, String name, Map<String, String> worker) {
        String suffix = PluginType.CLIENT_POLICY.suffix();
        String plain = name.startsWith(KAFKA_PACKAGE) && name.endsWith(suffix)
                ? name.substring(KAFKA_PACKAGE.length(), name.length() - suffix.length())
                : name;
        return switch (plain) {
            case "All" -> ALL;
            case "None" -> builtIn(plain, Set.of());
            case "Principal" -> builtIn(plain, OF_PRINCIPAL);
            case "Allowlist" -> builtIn(plain, new HashSet<>(ConnectorKeys.list(worker.getOrDefault(ALLOWLIST, ""))));
            default -> ofPlugin(plugins, name, worker);
        };
    }

    private static ClientPolicy builtIn(String name, Set<String> settings) {
        return new ClientPolicy(new BuiltIn(name, settings::contains), ClientPolicy.class.getClassLoader());
    }

    private static ClientPolicy ofPlugin(Plugins plugins, String name, Map<String, String> worker) {
        try {
            PluginDescriptor plugin = plugins.get(PluginType.CLIENT_POLICY, name, WantedVersion.ANY);
            var made = plugins.newInstance(plugin, ConnectorClientConfigOverridePolicy.class);
            try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
                made.configure(worker);
            }
            return new ClientPolicy(made, plugin.loader());
        } catch (PluginFailure e) {
            throw new ConfigException(
                    KEY, name, "All, None, Principal, Allowlist or a plugin is wanted: " + e.getMessage());
        }
    }

    /** Whether it can be said without asking that everything passes. */
    boolean letsAllPass() {
        return this == ALL;
    }

    /** The settings that may not be overridden, without the prefix, with why. */
    List<ConfigValue> refused(ConnectorClientConfigRequest request) {
        try (LoaderScope _ = LoaderScope.of(loader)) {
            return policy.validate(request).stream()
                    .filter(value -> !value.errorMessages().isEmpty())
                    .toList();
        }
    }

    @Override
    public void close() {
        Utils.closeQuietly(policy, KEY);
    }
}
