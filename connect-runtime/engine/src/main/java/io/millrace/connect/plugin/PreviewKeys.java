package io.millrace.connect.plugin;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a connector's config is changed to for a preview, so that the preview leaves nothing behind: the keys below
 * {@code preview.} of the connector's {@code META-INF/millrace/<class>.properties}. A connector that says nothing runs
 * with its config as it is.
 */
public final class PreviewKeys {

    private static final String PREFIX = "preview.";

    private PreviewKeys() {}

    /** The keys to be set, with their values. */
    public static Map<String, String> of(PluginDescriptor connector) {
        Properties manifest = KeySpace.manifest(connector);
        Map<String, String> all = new TreeMap<>();
        manifest.stringPropertyNames().forEach(key -> all.put(key, manifest.getProperty(key)));
        return ConnectorKeys.below(PREFIX, all);
    }
}
