package io.millrace.connect.plugin;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/** The kinds of plugins that can be found and configured: first what connectors name, then what the worker names. */
public enum PluginType {
    SINK(SinkConnector.class, "Connector"),
    SOURCE(SourceConnector.class, "Connector"),
    CONVERTER(Converter.class, "Converter"),
    HEADER_CONVERTER(HeaderConverter.class, "HeaderConverter"),
    TRANSFORMATION(Transformation.class, "Transformation"),
    PREDICATE(Predicate.class, "Predicate"),
    CONFIG_PROVIDER(ConfigProvider.class, "ConfigProvider"),
    CLIENT_POLICY(ConnectorClientConfigOverridePolicy.class, "ConnectorClientConfigOverridePolicy");

    /** The kinds that a connector's config may name. */
    public static final Set<PluginType> OF_CONNECTORS = Collections.unmodifiableSet(EnumSet.range(SINK, PREDICATE));

    private final Class<?> base;
    private final String suffix;

    PluginType(Class<?> base, String suffix) {
        this.base = base;
        this.suffix = suffix;
    }

    /** What a plugin of this kind extends or implements. */
    Class<?> base() {
        return base;
    }

    /** The manifest that names the plugins of a jar. */
    String manifest() {
        return "META-INF/services/" + base.getName();
    }

    /** What the simple name of a class may leave out. */
    String suffix() {
        return suffix;
    }

    public boolean isConnector() {
        return this == SINK || this == SOURCE;
    }

    /** Whether a connector's config may name it. */
    boolean isOfConnectors() {
        return OF_CONNECTORS.contains(this);
    }

    /** The name of the kind in REST answers. */
    public String restName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
