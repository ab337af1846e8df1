package io.millrace.connect.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * A connector's config as the runtime reads it: typed, with defaults, and with what the worker sets for all connectors.
 *
 * <p>Immutable.
 */
public final class ConnectorSettings {

    private final Map<String, String> config;
    private final Map<String, String> worker;
    private final Map<String, Object> parsed;

    /**
     * A plugin with its own keys, and without their prefix.
     *
     * @param className class or alias
     * @param version which versions of it are meant, in Maven's notation; empty: any
     */
    public record Part(String className, String version, Map<String, String> config) {

        /** The newest version, without keys. */
        public static Part named(String className) {
            return new Part(className, "", Map.of());
        }

        private static Part of(String className, Map<String, String> keys) {
            Map<String, String> own = new HashMap<>(keys);
            String version = own.remove(ConnectorKeys.VERSION_SUFFIX);
            return new Part(className.strip(), version == null ? "" : version, own);
        }
    }

    /**
     * One transform of the chain.
     *
     * @param predicates the predicate that it depends on, or none
     * @param negate whether it is applied where the predicate does not hold
     */
    public record Transform(Part part, List<Part> predicates, boolean negate) {}

    /**
     * A group of topics that are made in the same way.
     *
     * @param partitions -1: the log's default
     * @param replicationFactor -1: the log's default
     */
    public record TopicGroup(
            List<String> include,
            List<String> exclude,
            int partitions,
            short replicationFactor,
            Map<String, String> configs) {}

    /**
     * @param worker the worker's converters, with their keys
     * @throws ConfigException when a value is missing or out of range
     */
    public ConnectorSettings(Plugins plugins, PluginType type, Map<String, String> config, Map<String, String> worker) {
        this.config = Map.copyOf(config);
        this.worker = Map.copyOf(worker);
        ConfigDef definition = ConnectorKeys.definition(type);
        try (LoaderScope _ = LoaderScope.of(plugins.names())) {
            this.parsed = definition.parse(config);
        }
    }

    /** A number, under one of {@link ConnectorKeys}. */
    public long number(String key) {
        return ((Number) value(key)).longValue();
    }

    /** A number that need not be given. */
    public long number(String key, long otherwise) {
        Object value = parsed.get(key);
        return value == null ? otherwise : ((Number) value).longValue();
    }

    /** A yes or no. */
    public boolean flag(String key) {
        return (Boolean) value(key);
    }

    /** A text. */
    public String text(String key) {
        return (String) value(key);
    }

    private Object value(String key) {
        Object value = parsed.get(key);
        if (value == null) {
            throw new ConfigException(key, null, "has no value");
        }
        return value;
    }

    /** Names in a list. */
    public List<String> list(String key) {
        return ConnectorKeys.list(config.getOrDefault(key, ""));
    }

    /** The converter under this key: the connector's own, or the worker's with the worker's keys. */
    public Part converter(String key) {
        Map<String, String> from = config.containsKey(key) ? config : worker;
        String className = from.get(key);
        if (className == null) {
            throw new ConfigException(key, null, "neither the connector nor the worker names a converter");
        }
        return Part.of(className, ConnectorKeys.below(key + ".", from));
    }

    /** The transforms, in order. */
    public List<Transform> transforms() {
        return list(ConnectorKeys.TRANSFORMS).stream().map(this::transform).toList();
    }

    private Transform transform(String alias) {
        Part part = part(ConnectorKeys.TRANSFORMS, alias);
        String predicate = part.config().getOrDefault("predicate", "");
        boolean negate = Boolean.parseBoolean(part.config().getOrDefault("negate", "false"));
        List<Part> predicates = predicate.isEmpty() ? List.of() : List.of(part(ConnectorKeys.PREDICATES, predicate));
        return new Transform(part, predicates, negate);
    }

    private Part part(String list, String alias) {
        Map<String, String> own = ConnectorKeys.below(list + "." + alias + ".", config);
        String className = own.get("type");
        if (className == null) {
            throw new ConfigException(list + "." + alias + ".type", null, "names no class");
        }
        return Part.of(className, own);
    }

    /** How topics are made, the first group that takes a topic in counts; the defaults come last (KIP-158). */
    public List<TopicGroup> topicGroups() {
        List<TopicGroup> groups = new ArrayList<>();
        list(ConnectorKeys.TOPIC_CREATION_GROUPS).forEach(name -> groups.add(topicGroup(name, "")));
        groups.add(topicGroup("default", ".*"));
        return groups;
    }

    private TopicGroup topicGroup(String name, String includeDefault) {
        Map<String, String> own = ConnectorKeys.below(ConnectorKeys.TOPIC_CREATION_PREFIX + name + ".", config);
        String partitions = own.remove("partitions");
        String replicationFactor = own.remove("replication.factor");
        String include = own.remove("include");
        String exclude = own.remove("exclude");
        return new TopicGroup(
                ConnectorKeys.list(include == null ? includeDefault : include),
                ConnectorKeys.list(exclude == null ? "" : exclude),
                partitions == null
                        ? (int) number(ConnectorKeys.TOPIC_CREATION_PARTITIONS)
                        : Integer.parseInt(partitions.strip()),
                replicationFactor == null
                        ? (short) number(ConnectorKeys.TOPIC_CREATION_REPLICATION)
                        : Short.parseShort(replicationFactor.strip()),
                own);
    }

    /** What the connector sets for the clients that work for it, under one of the override prefixes. */
    public Map<String, String> overrides(String prefix) {
        return ConnectorKeys.below(prefix, config);
    }
}
