package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Divides the partitions of a consumer group's topics among its members, on the server. A pure function: the same
 * group gives the same targets.
 */
interface Assignor {

    /** Kafka's builtin ones. */
    List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    static Optional<Assignor> named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** As clients ask for it. */
    String name();

    /**
     * What each member is to read: every partition of a topic that anyone subscribes to, once.
     *
     * @param group at least one member
     */
    SortedMap<String, SortedSet<PartitionId>> assign(Group group);

    /**
     * @param members by id
     * @param partitions of each topic that any member subscribes to
     */
    record Group(SortedMap<String, Member> members, SortedMap<Uuid, Integer> partitions) {

        /** The members of each topic, in the order of {@code inOrder}. */
        SortedMap<Uuid, List<String>> subscribers(List<String> inOrder) {
            SortedMap<Uuid, List<String>> subscribers = new TreeMap<>();
            partitions.keySet().forEach(topic -> subscribers.put(topic, new ArrayList<>()));
            for (String each : inOrder) {
                Objects.requireNonNull(members.get(each), each)
                        .topics()
                        .forEach(topic -> subscribers
                                .computeIfAbsent(topic, _ -> new ArrayList<>())
                                .add(each));
            }
            return subscribers;
        }
    }

    /**
     * @param instanceId null for a dynamic member
     * @param topics that it subscribes to, and that exist
     * @param before what its target was
     */
    record Member(@Nullable String instanceId, SortedSet<Uuid> topics, SortedSet<PartitionId> before) {}
}
