package io.millrace.connect.sink;

import io.millrace.connect.offset.SinkPositions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The consumer of a sink task, as far as connectors may use it past the Connect API: to learn of the group, and to go
 * back to what is committed. Everything else would be done behind the runtime's back, and is refused.
 *
 * <p><b>Threads.</b> The task's thread only.
 */
public final class TaskConsumer {

    private final SinkReader reader;
    private final SinkPositions positions;

    private TaskConsumer(SinkReader reader, SinkPositions positions) {
        this.reader = reader;
        this.positions = positions;
    }

    /**
     * @param reader what reads for the task
     * @param positions where the task is, which goes back as well
     */
    @SuppressWarnings("unchecked") // The keys and values of what a reader reads are bytes.
    public static Consumer<byte[], byte[]> of(SinkReader reader, SinkPositions positions) {
        TaskConsumer consumer = new TaskConsumer(reader, positions);
        InvocationHandler calls = (_, method, arguments) -> consumer.call(method.getName(), arguments);
        return (Consumer<byte[], byte[]>)
                Proxy.newProxyInstance(Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, calls);
    }

    private @Nullable Object call(String method, Object @Nullable [] arguments) {
        Object first = arguments == null ? null : arguments[0];
        return switch (method) {
            case "groupMetadata" -> reader.groupMetadata();
            case "assignment" -> reader.assignment();
            case "committed" -> committed(first instanceof Set<?> several ? several : Set.of());
            case "seek" -> seek(first, arguments == null ? null : arguments[1]);
            case "toString" -> "the consumer of a sink task";
            default ->
                throw new UnsupportedOperationException(
                        "a sink task may not call %s() of the runtime's consumer".formatted(method));
        };
    }

    private @Nullable Object seek(@Nullable Object partition, @Nullable Object offset) {
        if (partition instanceof TopicPartition which && offset instanceof Long where) {
            reader.seek(which, where);
            positions.rewind(which, where);
            return null;
        }
        throw new UnsupportedOperationException("a sink task may seek to an offset only");
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Set<?> partitions) {
        Set<TopicPartition> asked = new HashSet<>();
        partitions.forEach(partition -> asked.add((TopicPartition) partition));
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        reader.committed(asked).forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        return offsets;
    }
}
