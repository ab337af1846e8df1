package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the metadata has it. Immutable.
 *
 * @param partitions by index, from 0
 * @param configs what was set for this topic itself, sorted by key; {@link TopicConfigs} adds the defaults
 */
public record TopicImage(Uuid id, String name, List<PartitionState> partitions, Map<String, String> configs) {

    public TopicImage {
        partitions = List.copyOf(partitions);
        configs = Sorted.copyOf(configs);
    }

    /** The state of one partition, null if the topic has no such index. */
    public @Nullable PartitionState partition(int index) {
        return index < 0 || index >= partitions.size() ? null : partitions.get(index);
    }

    public TopicIdPartition idPartition(int index) {
        return new TopicIdPartition(id, index, name);
    }

    TopicImage withPartitions(List<PartitionState> added) {
        List<PartitionState> all = new ArrayList<>(partitions);
        all.addAll(added);
        return new TopicImage(id, name, all, configs);
    }

    TopicImage withConfigs(Map<String, String> newConfigs) {
        return new TopicImage(id, name, partitions, newConfigs);
    }
}
