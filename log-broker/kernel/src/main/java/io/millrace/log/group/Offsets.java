package io.millrace.log.group;

import io.millrace.log.group.PendingOffsets.Position;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets of all groups of one coordinator, and those that open transactions have brought, as replayed
 * from its log. Sorted, so that answers are too.
 */
final class Offsets {

    private final Map<String, SortedMap<String, SortedMap<Integer, CommittedOffset>>> byGroup = new TreeMap<>();
    private final PendingOffsets pending = new PendingOffsets();

    PendingOffsets pending() {
        return pending;
    }

    /** Whether an open transaction has brought an offset for this partition. */
    boolean isPending(String groupId, String topic, int partition) {
        return pending.contains(new Position(groupId, topic, partition));
    }

    /**
     * A producer's transaction is over. What it brought counts if it is committed, but for partitions that have an
     * offset from a later record: compaction leaves only that one in the log, so it must be that one that counts.
     *
     * @return what the transaction brought
     */
    SortedMap<Position, CommittedOffset> end(long producerId, boolean committed) {
        SortedMap<Position, CommittedOffset> brought = pending.take(producerId);
        brought.forEach((position, offset) -> {
            CommittedOffset known = get(position.groupId(), position.topic(), position.partition());
            if (committed && (known == null || known.recordOffset() < offset.recordOffset())) {
                put(position.groupId(), position.topic(), position.partition(), offset);
            }
        });
        return brought;
    }

    void put(String groupId, String topic, int partition, CommittedOffset committed) {
        byGroup.computeIfAbsent(groupId, _ -> new TreeMap<>())
                .computeIfAbsent(topic, _ -> new TreeMap<>())
                .put(partition, committed);
    }

    /** Forgets the offset of a partition, and what open transactions have brought for it. */
    void remove(String groupId, String topic, int partition) {
        pending.remove(new Position(groupId, topic, partition));
        SortedMap<String, SortedMap<Integer, CommittedOffset>> topics = of(groupId);
        SortedMap<Integer, CommittedOffset> partitions = topics.get(topic);
        if (partitions == null) {
            return;
        }
        partitions.remove(partition);
        if (partitions.isEmpty()) {
            topics.remove(topic);
        }
        if (topics.isEmpty()) {
            byGroup.remove(groupId);
        }
    }

    @Nullable
    CommittedOffset get(String groupId, String topic, int partition) {
        SortedMap<Integer, CommittedOffset> partitions = of(groupId).get(topic);
        return partitions == null ? null : partitions.get(partition);
    }

    /** By topic, then by partition; empty if the group has none. Not to be changed by the caller. */
    SortedMap<String, SortedMap<Integer, CommittedOffset>> of(String groupId) {
        SortedMap<String, SortedMap<Integer, CommittedOffset>> topics = byGroup.get(groupId);
        return topics == null ? new TreeMap<>() : topics;
    }

    /** By group, in the order of their names: the offsets each has in a topic. */
    SortedMap<String, SortedMap<Integer, CommittedOffset>> ofTopic(String topic) {
        SortedMap<String, SortedMap<Integer, CommittedOffset>> found = new TreeMap<>();
        byGroup.forEach((groupId, topics) -> {
            SortedMap<Integer, CommittedOffset> partitions = topics.get(topic);
            if (partitions != null) {
                found.put(groupId, partitions);
            }
        });
        return found;
    }

    /** Whether the group has no offsets, nor will have any when a transaction is committed. */
    boolean isEmpty(String groupId) {
        return !byGroup.containsKey(groupId) && pending.of(groupId).isEmpty();
    }

    @Override
    public String toString() {
        return byGroup.toString();
    }
}
