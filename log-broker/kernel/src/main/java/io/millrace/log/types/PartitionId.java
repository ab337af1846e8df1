package io.millrace.log.types;

import java.util.Comparator;
import org.apache.kafka.common.Uuid;

/**
 * A partition, named so that a topic that was deleted and created again is another one. Ordered by topic id, then
 * index, so that it can be the key of a sorted map.
 *
 * @param topic id of the topic, never its name
 * @param index number of the partition within the topic, from 0
 */
public record PartitionId(Uuid topic, int index) implements Comparable<PartitionId> {

    private static final Comparator<PartitionId> ORDER =
            Comparator.comparing(PartitionId::topic).thenComparingInt(PartitionId::index);

    @Override
    public int compareTo(PartitionId other) {
        return ORDER.compare(this, other);
    }
}
