package io.millrace.log.group;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The offsets that open transactions have brought, by producer: they count when the transaction is committed, and until
 * then nobody knows which offset the partition will have (KIP-447).
 */
final class PendingOffsets {

    /** A partition as a group reads it. */
    record Position(String groupId, String topic, int partition) implements Comparable<Position> {

        private static final Comparator<Position> ORDER = Comparator.comparing(Position::groupId)
                .thenComparing(Position::topic)
                .thenComparingInt(Position::partition);

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Long, SortedMap<Position, CommittedOffset>> byProducer = new TreeMap<>();
    private final NavigableMap<Position, SortedSet<Long>> producers = new TreeMap<>();

    void put(long producerId, Position position, CommittedOffset offset) {
        byProducer.computeIfAbsent(producerId, _ -> new TreeMap<>()).put(position, offset);
        producers.computeIfAbsent(position, _ -> new TreeSet<>()).add(producerId);
    }

    /** The producer's transaction is over: gives what it brought, and forgets it. */
    SortedMap<Position, CommittedOffset> take(long producerId) {
        SortedMap<Position, CommittedOffset> taken = byProducer.remove(producerId);
        if (taken == null) {
            return Collections.emptySortedMap();
        }
        taken.keySet().forEach(position -> dropProducer(position, producerId));
        return taken;
    }

    private void dropProducer(Position position, long producerId) {
        producers.computeIfPresent(position, (_, open) -> {
            open.remove(producerId);
            return open.isEmpty() ? null : open;
        });
    }

    /** Forgets what any transaction has brought for a partition. */
    void remove(Position position) {
        SortedSet<Long> open = producers.remove(position);
        if (open != null) {
            open.forEach(producerId -> byProducer.computeIfPresent(producerId, (_, offsets) -> {
                offsets.remove(position);
                return offsets.isEmpty() ? null : offsets;
            }));
        }
    }

    boolean contains(Position position) {
        return producers.containsKey(position);
    }

    /** The partitions for which transactions have brought offsets to a group, in order. */
    Collection<Position> of(String groupId) {
        return producers
                .tailMap(new Position(groupId, "", 0))
                .headMap(new Position(groupId + '\0', "", 0))
                .keySet();
    }

    /** The partitions of a topic for which transactions have brought offsets to any group, in order. */
    Collection<Position> ofTopic(String topic) {
        return producers.keySet().stream()
                .filter(position -> position.topic().equals(topic))
                .toList();
    }
}
