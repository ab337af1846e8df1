package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Chooses brokers for new partitions. */
final class PartitionPlacement {

    private PartitionPlacement() {}

    /** Brokers in turn; the topic's id decides who is first, so that small topics do not all start on one broker. */
    static List<PartitionState> place(ClusterImage image, Uuid topic, int firstIndex, int count) {
        List<BrokerImage> brokers = List.copyOf(image.brokers());
        int start = Math.floorMod(topic.hashCode(), brokers.size());
        List<PartitionState> partitions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            BrokerImage broker = brokers.get((start + firstIndex + i) % brokers.size());
            partitions.add(PartitionState.on(broker.id()));
        }
        return partitions;
    }

    /** What is wrong with brokers that somebody chose for a partition; null if nothing is. */
    static @Nullable String problem(ClusterImage image, int index, @Nullable List<Integer> brokers) {
        if (brokers == null) {
            return "Partitions must be numbered from 0 without gaps: " + index + " is missing.";
        }
        if (brokers.size() != 1) {
            return "Partition " + index + " must have one replica in this cluster, not " + brokers.size() + ".";
        }
        return image.broker(brokers.getFirst()) == null
                ? "Partition " + index + " is assigned to broker " + brokers.getFirst() + ", which is not registered."
                : null;
    }
}
