package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Spreads all partitions evenly, and moves no more of them than that takes.
 *
 * <p>If all members subscribe to the same topics, no two differ by more than one partition: members with more than
 * their share give the rest up, members with less are filled up. Otherwise members keep what they had, what is free
 * goes to the subscriber with the least, and then, topic by topic, those with the most give to those with the least.
 */
final class UniformAssignor implements Assignor {

    /** Passes over the topics in which partitions are moved; a move in one topic can make room for one in another. */
    private static final int PASSES_MAX = 16;

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public SortedMap<String, SortedSet<PartitionId>> assign(Group group) {
        Spread spread = new Spread(group);
        boolean sameTopics = group.members().values().stream()
                .allMatch(each -> each.topics().size() == group.partitions().size());
        if (sameTopics) {
            spread.trimToShares();
        }
        List<Uuid> topics = spread.topicsFewSubscribersFirst();
        topics.forEach(spread::assignFree);
        boolean moved = !sameTopics;
        for (int pass = 0; pass < PASSES_MAX && moved; pass++) {
            moved = false;
            for (Uuid each : topics) {
                moved |= spread.balance(each);
            }
        }
        return spread.targets;
    }

    /** The targets in the making. */
    private static final class Spread {
        private final SortedMap<Uuid, Integer> partitions;
        private final SortedMap<Uuid, List<String>> subscribers;
        private final SortedMap<String, SortedSet<PartitionId>> targets = new TreeMap<>();
        private final SortedSet<PartitionId> taken = new TreeSet<>();

        /** Members begin with what they had, as far as it is there and they want it. */
        Spread(Group group) {
            partitions = group.partitions();
            subscribers = group.subscribers(List.copyOf(group.members().keySet()));
            group.members().forEach((id, member) -> {
                SortedSet<PartitionId> kept = new TreeSet<>();
                for (PartitionId each : member.before()) {
                    boolean exists = each.index() < partitions.getOrDefault(each.topic(), 0);
                    if (exists && member.topics().contains(each.topic()) && taken.add(each)) {
                        kept.add(each);
                    }
                }
                targets.put(id, kept);
            });
        }

        /** What a member has beyond its share is free. Those who have more keep the partitions that do not divide. */
        void trimToShares() {
            int total = partitions.values().stream().mapToInt(Integer::intValue).sum();
            int share = total / targets.size();
            int larger = total % targets.size();
            for (SortedSet<PartitionId> each : targets.values()) {
                int mayKeep = share;
                if (each.size() > share && larger > 0) {
                    mayKeep++;
                    larger--;
                }
                while (each.size() > mayKeep) {
                    taken.remove(each.removeLast());
                }
            }
        }

        /** Topics with few subscribers leave the least choice. */
        List<Uuid> topicsFewSubscribersFirst() {
            List<Uuid> topics = new ArrayList<>(subscribers.keySet());
            topics.sort(
                    Comparator.comparingInt((Uuid topic) -> subscribers(topic).size())
                            .thenComparing(Comparator.naturalOrder()));
            return topics;
        }

        private List<String> subscribers(Uuid topic) {
            return subscribers.getOrDefault(topic, List.of());
        }

        private SortedSet<PartitionId> target(String member) {
            return Objects.requireNonNull(targets.get(member), member);
        }

        private int load(String member) {
            return target(member).size();
        }

        private NavigableSet<String> subscribersByLoad(Uuid topic) {
            NavigableSet<String> ordered =
                    new TreeSet<>(Comparator.comparingInt(this::load).thenComparing(Comparator.naturalOrder()));
            ordered.addAll(subscribers(topic));
            return ordered;
        }

        void assignFree(Uuid topic) {
            NavigableSet<String> byLoad = subscribersByLoad(topic);
            for (int index = 0; index < partitions.getOrDefault(topic, 0); index++) {
                PartitionId partition = new PartitionId(topic, index);
                if (taken.add(partition)) {
                    String least = byLoad.removeFirst();
                    target(least).add(partition);
                    byLoad.add(least);
                }
            }
        }

        /** Whether anything was moved. */
        boolean balance(Uuid topic) {
            NavigableSet<String> byLoad = subscribersByLoad(topic);
            boolean moved = false;
            while (byLoad.size() > 1) {
                String most = byLoad.removeLast();
                String least = byLoad.getFirst();
                if (load(most) - load(least) <= 1) {
                    return moved;
                }
                PartitionId partition = lastOf(most, topic);
                if (partition != null) {
                    byLoad.removeFirst();
                    target(most).remove(partition);
                    target(least).add(partition);
                    byLoad.add(most);
                    byLoad.add(least);
                    moved = true;
                }
            }
            return moved;
        }

        private @Nullable PartitionId lastOf(String member, Uuid topic) {
            SortedSet<PartitionId> below = target(member).headSet(new PartitionId(topic, Integer.MAX_VALUE));
            return below.isEmpty() || !below.getLast().topic().equals(topic) ? null : below.getLast();
        }
    }
}
