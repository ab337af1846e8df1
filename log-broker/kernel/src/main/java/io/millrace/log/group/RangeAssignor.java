package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Gives each subscriber of a topic a range of its partitions that follow each other. Members stand in the order of
 * their instance ids, then of their member ids, for every topic: with the same topics of the same size, each member
 * has the same partitions of all of them, which is what joins need. Static members keep their ranges when they come
 * back under another id.
 */
final class RangeAssignor implements Assignor {

    private static final Comparator<@Nullable String> STATIC_FIRST = Comparator.nullsLast(Comparator.naturalOrder());

    @Override
    public String name() {
        return "range";
    }

    @Override
    public SortedMap<String, SortedSet<PartitionId>> assign(Group group) {
        SortedMap<String, SortedSet<PartitionId>> targets = new TreeMap<>();
        group.members().keySet().forEach(each -> targets.put(each, new TreeSet<>()));
        group.subscribers(inOrder(group)).forEach((topic, subscribers) -> {
            int partitions = group.partitions().getOrDefault(topic, 0);
            int next = 0;
            for (int i = 0; i < subscribers.size(); i++) {
                int share = partitions / subscribers.size() + (i < partitions % subscribers.size() ? 1 : 0);
                add(targets, subscribers.get(i), topic, next, next + share);
                next += share;
            }
        });
        return targets;
    }

    private static List<String> inOrder(Group group) {
        record Place(@Nullable String instanceId, String memberId) {}
        List<Place> places = new ArrayList<>();
        group.members().forEach((id, member) -> places.add(new Place(member.instanceId(), id)));
        places.sort(Comparator.comparing(Place::instanceId, STATIC_FIRST).thenComparing(Place::memberId));
        return places.stream().map(Place::memberId).toList();
    }

    private static void add(
            SortedMap<String, SortedSet<PartitionId>> targets, String member, Uuid topic, int from, int to) {
        SortedSet<PartitionId> target = Objects.requireNonNull(targets.get(member), member);
        for (int index = from; index < to; index++) {
            target.add(new PartitionId(topic, index));
        }
    }
}
