package io.millrace.connect.plugin;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * Makes the plugins of the record path, configured, and wrapped so that their own loader is the context of each call.
 * Whoever asks for one closes it.
 */
public final class PluginFactory {

    private final Plugins plugins;

    public PluginFactory(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * @param isKey whether it is for keys
     */
    public Converter converter(ConnectorSettings.Part part, boolean isKey) {
        PluginDescriptor plugin = find(PluginType.CONVERTER, part);
        Converter made = plugins.newInstance(plugin, Converter.class);
        Converter converter = isolated(plugin) ? new Isolated.IsolatedConverter(made, plugin.loader()) : made;
        converter.configure(withType(part.config(), isKey ? ConverterType.KEY : ConverterType.VALUE), isKey);
        return converter;
    }

    public HeaderConverter headerConverter(ConnectorSettings.Part part) {
        PluginDescriptor plugin = find(PluginType.HEADER_CONVERTER, part);
        HeaderConverter made = plugins.newInstance(plugin, HeaderConverter.class);
        HeaderConverter converter =
                isolated(plugin) ? new Isolated.IsolatedHeaderConverter(made, plugin.loader()) : made;
        converter.configure(withType(part.config(), ConverterType.HEADER));
        return converter;
    }

    private PluginDescriptor find(PluginType type, ConnectorSettings.Part part) {
        return plugins.get(type, part.className(), WantedVersion.of(ConnectorKeys.VERSION_SUFFIX, part.version()));
    }

    private static Map<String, String> withType(Map<String, String> config, ConverterType type) {
        Map<String, String> typed = new HashMap<>(config);
        typed.put(ConverterConfig.TYPE_CONFIG, type.getName());
        return typed;
    }

    @SuppressWarnings("unchecked") // A transform works on source and sink records alike; its class cannot say so.
    public <R extends ConnectRecord<R>> Transformation<R> transformation(ConnectorSettings.Part part) {
        PluginDescriptor plugin = find(PluginType.TRANSFORMATION, part);
        Transformation<R> made = plugins.newInstance(plugin, Transformation.class);
        Transformation<R> transformation =
                isolated(plugin) ? new Isolated.IsolatedTransformation<>(made, plugin.loader()) : made;
        transformation.configure(part.config());
        return transformation;
    }

    @SuppressWarnings("unchecked") // A predicate works on source and sink records alike; its class cannot say so.
    public <R extends ConnectRecord<R>> Predicate<R> predicate(ConnectorSettings.Part part) {
        PluginDescriptor plugin = find(PluginType.PREDICATE, part);
        Predicate<R> made = plugins.newInstance(plugin, Predicate.class);
        Predicate<R> predicate = isolated(plugin) ? new Isolated.IsolatedPredicate<>(made, plugin.loader()) : made;
        predicate.configure(part.config());
        return predicate;
    }

    /** The plugin's own class, for telling people about it. */
    public static Class<?> typeOf(Object plugin) {
        return switch (plugin) {
            case Isolated.IsolatedConverter wrapped -> wrapped.inner().getClass();
            case Isolated.IsolatedHeaderConverter wrapped -> wrapped.inner().getClass();
            case Isolated.IsolatedTransformation<?> wrapped -> wrapped.inner().getClass();
            default -> plugin.getClass();
        };
    }

    private static boolean isolated(PluginDescriptor plugin) {
        return plugin.isolated();
    }
}
