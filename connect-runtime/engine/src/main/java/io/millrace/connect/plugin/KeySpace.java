package io.millrace.connect.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which keys a connector takes. A connector's jar may hold {@code META-INF/millrace/<class>.properties} with
 * {@code unknown.keys=refuse}: then its definitions are complete, and any other key is a mistake, unless it lies below
 * one of {@code pass.through.prefixes}, which the connector hands on to something else. Without that file unknown keys
 * are let through with a warning, unless the worker is strict: many connectors read more than they define.
 */
final class KeySpace {

    /** Keys that are checked elsewhere: by the Kafka client, by the converter, when a topic is made. */
    private static final List<String> RUNTIME_PREFIXES = List.of(
            ConnectorKeys.PRODUCER_PREFIX,
            ConnectorKeys.CONSUMER_PREFIX,
            ConnectorKeys.ADMIN_PREFIX,
            ConnectorKeys.TOPIC_CREATION_PREFIX,
            ConnectorKeys.KEY_CONVERTER + ".",
            ConnectorKeys.VALUE_CONVERTER + ".",
            ConnectorKeys.HEADER_CONVERTER + ".");

    private final boolean closed;
    private final List<String> prefixes;

    private KeySpace(boolean closed, List<String> prefixes) {
        this.closed = closed;
        this.prefixes = prefixes;
    }

    static KeySpace of(PluginDescriptor connector) {
        Properties manifest = manifest(connector);
        return new KeySpace(
                "refuse".equals(manifest.getProperty("unknown.keys")),
                ConnectorKeys.list(manifest.getProperty("pass.through.prefixes", "")));
    }

    /** What the connector's jar says of it; nothing where it holds no such file. */
    static Properties manifest(PluginDescriptor connector) {
        String manifest = "META-INF/millrace/" + connector.className() + ".properties";
        Properties properties = new Properties();
        try (InputStream in = connector.loader().getResourceAsStream(manifest)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new PluginFailure(manifest + " of " + connector.locationName() + " cannot be read", e);
        }
        return properties;
    }

    /** Whether the connector says that it takes no other keys. */
    boolean isClosed() {
        return closed;
    }

    /** Those of the given keys that nobody knows, in order. */
    Set<String> unknown(Set<String> given, Set<String> defined) {
        Set<String> unknown = new TreeSet<>();
        given.stream()
                .filter(key -> !defined.contains(key))
                .filter(key -> !isBelow(key, RUNTIME_PREFIXES) && !isBelow(key, prefixes))
                .forEach(unknown::add);
        return unknown;
    }

    private static boolean isBelow(String key, List<String> prefixes) {
        return prefixes.stream().anyMatch(key::startsWith);
    }
}
