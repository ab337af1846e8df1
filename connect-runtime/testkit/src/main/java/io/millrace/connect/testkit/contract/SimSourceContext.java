package io.millrace.connect.testkit.contract;

import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What a source task sees of a runtime: its config, and the positions that were committed. They come back as a
 * runtime's own storage gives them: a whole number as a Long, bytes as text.
 */
public final class SimSourceContext implements SourceTaskContext, OffsetStorageReader {

    private final Map<String, String> configs;
    private final Map<Map<String, Object>, Map<String, Object>> positions = new HashMap<>();

    public SimSourceContext(Map<String, String> configs) {
        this.configs = Map.copyOf(configs);
    }

    /** Stores a position; null deletes it. */
    public SimSourceContext store(Map<String, ?> partition, @Nullable Map<String, ?> position) {
        if (position == null) {
            positions.remove(stored(partition));
        } else {
            positions.put(stored(partition), stored(position));
        }
        return this;
    }

    /** Forgets every position. */
    public void clear() {
        positions.clear();
    }

    private static Map<String, Object> stored(Map<String, ?> map) {
        Map<String, Object> stored = new HashMap<>();
        map.forEach((key, value) -> stored.put(key, stored(key, value)));
        return stored;
    }

    private static @Nullable Object stored(String key, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Long number -> number;
            case Double number -> number;
            case Boolean flag -> flag;
            case String text -> text;
            default ->
                throw new DataException("a position holds plain values, but " + key + " is a " + value.getClass());
        };
    }

    @Override
    public Map<String, String> configs() {
        return configs;
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return this;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        throw new UnsupportedOperationException("there are no metrics here");
    }

    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
        Map<String, Object> position = positions.get(stored(partition));
        return position == null ? null : new HashMap<>(position);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> all = new HashMap<>();
        partitions.forEach(partition -> {
            Map<String, Object> found = offset(partition);
            if (found != null) {
                all.put(partition, found);
            }
        });
        return all;
    }
}
