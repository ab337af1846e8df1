package io.millrace.connect.offset;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Gives a source connector or task its own committed positions.
 *
 * <p><b>Threads.</b> Any; each call reads the log to its end and so may block.
 */
public final class PositionReader implements OffsetStorageReader {

    private final Supplier<Map<Map<String, Object>, Map<String, Object>>> positions;
    private final Function<Map<String, ?>, Map<String, Object>> normal;

    PositionReader(
            Supplier<Map<Map<String, Object>, Map<String, Object>>> positions,
            Function<Map<String, ?>, Map<String, Object>> normal) {
        this.positions = positions;
        this.normal = normal;
    }

    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
        return offsets(List.of(partition)).get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, Object>, Map<String, Object>> all = positions.get();
        Map<Map<String, T>, @Nullable Map<String, Object>> found = new HashMap<>();
        for (Map<String, T> partition : partitions) {
            Map<String, Object> position = all.get(normal.apply(partition));
            // As in Kafka Connect, where each partition that was asked for has an entry.
            found.put(partition, position == null ? null : new HashMap<>(position));
        }
        return new HashMap<Map<String, T>, Map<String, Object>>(found);
    }
}
