package io.millrace.connect.log;

import java.util.Map;

/**
 * A topic to be made.
 *
 * @param partitions how many; -1: the log's default
 * @param replicationFactor how many copies; -1: the log's default
 * @param configs topic settings under Kafka's names
 */
public record TopicSpec(String name, int partitions, short replicationFactor, Map<String, String> configs) {

    public TopicSpec {
        configs = Map.copyOf(configs);
    }

    /** A compacted topic: the last value of each key is kept for ever. */
    public static TopicSpec compacted(String name, int partitions, short replicationFactor) {
        return new TopicSpec(name, partitions, replicationFactor, Map.of("cleanup.policy", "compact"));
    }
}
