package io.millrace.log.group;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets of all groups of one coordinator, as replayed from its log. Sorted, so that answers are too.
 */
final class Offsets {

    private final Map<String, SortedMap<String, SortedMap<Integer, CommittedOffset>>> byGroup = new TreeMap<>();

    void put(String groupId, String topic, int partition, CommittedOffset committed) {
        byGroup.computeIfAbsent(groupId, _ -> new TreeMap<>())
                .computeIfAbsent(topic, _ -> new TreeMap<>())
                .put(partition, committed);
    }

    void remove(String groupId, String topic, int partition) {
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

    boolean isEmpty(String groupId) {
        return !byGroup.containsKey(groupId);
    }
}
