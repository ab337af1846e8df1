package io.millrace.log.metadata;

import java.util.List;

/**
 * Who holds a partition.
 *
 * @param leader broker id
 * @param leaderEpoch grows by one with every change of the leader
 * @param replicas broker ids, the preferred leader first
 * @param isr those of {@code replicas} that have all committed records
 */
public record PartitionState(int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {

    public PartitionState {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    /** A new partition on one broker. */
    public static PartitionState on(int broker) {
        return new PartitionState(broker, 0, List.of(broker), List.of(broker));
    }
}
