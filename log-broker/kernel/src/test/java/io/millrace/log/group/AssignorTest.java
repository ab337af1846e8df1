package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AssignorTest {

    private static final Assignor RANGE = new RangeAssignor();
    private static final Assignor UNIFORM = new UniformAssignor();

    private final SortedMap<String, Assignor.Member> members = new TreeMap<>();
    private final SortedMap<Uuid, Integer> partitions = new TreeMap<>();

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    private static Uuid topic(int number) {
        return new Uuid(0, number);
    }

    private void member(String id, @Nullable String instanceId, int... topics) {
        SortedSet<Uuid> wanted = new TreeSet<>();
        for (int each : topics) {
            wanted.add(topic(each));
        }
        members.put(id, new Assignor.Member(instanceId, wanted, new TreeSet<>()));
    }

    private SortedMap<String, SortedSet<PartitionId>> assign(Assignor assignor) {
        return assignor.assign(new Assignor.Group(members, partitions));
    }

    /** Lets the members begin from what they were given. */
    private void keep(SortedMap<String, SortedSet<PartitionId>> targets) {
        members.replaceAll((id, member) ->
                new Assignor.Member(member.instanceId(), member.topics(), targets.getOrDefault(id, new TreeSet<>())));
    }

    private static List<Integer> indexes(@Nullable SortedSet<PartitionId> partitions, int topic) {
        return Objects.requireNonNull(partitions).stream()
                .filter(each -> each.topic().equals(topic(topic)))
                .map(PartitionId::index)
                .toList();
    }

    @Test
    void rangesOfTopicsOfTheSameSizeGoTogether() {
        partitions.put(topic(1), 5);
        partitions.put(topic(2), 5);
        member("a", null, 1, 2);
        member("b", null, 1, 2);

        SortedMap<String, SortedSet<PartitionId>> targets = assign(RANGE);

        assertThat(indexes(targets.get("a"), 1)).containsExactly(0, 1, 2);
        assertThat(indexes(targets.get("a"), 2)).containsExactly(0, 1, 2);
        assertThat(indexes(targets.get("b"), 1)).containsExactly(3, 4);
        assertThat(indexes(targets.get("b"), 2)).containsExactly(3, 4);
    }

    @Test
    void staticMembersKeepTheirRangesUnderOtherIds() {
        partitions.put(topic(1), 4);
        member("z", "one", 1);
        member("a", "two", 1);
        member("b", null, 1);
        assertThat(indexes(assign(RANGE).get("z"), 1)).containsExactly(0, 1);

        members.remove("z");
        member("c", "one", 1);

        assertThat(indexes(assign(RANGE).get("c"), 1)).containsExactly(0, 1);
        assertThat(indexes(assign(RANGE).get("a"), 1)).containsExactly(2);
        assertThat(indexes(assign(RANGE).get("b"), 1)).containsExactly(3);
    }

    @Test
    void rangesAreOfSubscribersOnly() {
        partitions.put(topic(1), 2);
        partitions.put(topic(2), 2);
        member("a", null, 1);
        member("b", null, 1, 2);
        member("c", null);

        SortedMap<String, SortedSet<PartitionId>> targets = assign(RANGE);

        assertThat(indexes(targets.get("a"), 1)).containsExactly(0);
        assertThat(indexes(targets.get("b"), 1)).containsExactly(1);
        assertThat(indexes(targets.get("b"), 2)).containsExactly(0, 1);
        assertThat(targets.get("c")).isEmpty();
    }

    @Test
    void aMemberThatComesTakesNoMoreThanItsShare() {
        partitions.put(topic(1), 7);
        member("a", null, 1);
        member("b", null, 1);
        SortedMap<String, SortedSet<PartitionId>> before = assign(UNIFORM);
        keep(before);
        member("c", null, 1);

        SortedMap<String, SortedSet<PartitionId>> after = assign(UNIFORM);

        assertThat(after.get("c")).hasSize(2);
        assertThat(before.get("a")).containsAll(after.get("a"));
        assertThat(before.get("b")).containsAll(after.get("b"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPartitionHasOneOwnerThatWantsIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            change(random);
            for (Assignor each : Assignor.ALL) {
                SortedMap<String, SortedSet<PartitionId>> targets = assign(each);
                requireOneOwnerEach(targets);
            }
            keep(assign(UNIFORM));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void uniformGroupsAreBalancedAndNothingMovesThatNeedNot(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            change(random);
            members.replaceAll(
                    (_, member) -> new Assignor.Member(null, new TreeSet<>(partitions.keySet()), member.before()));
            SortedMap<String, SortedSet<PartitionId>> targets = assign(UNIFORM);

            List<Integer> sizes =
                    targets.values().stream().map(Set::size).sorted().toList();
            assertThat(sizes.getLast() - sizes.getFirst()).as("sizes %s", sizes).isLessThanOrEqualTo(1);
            targets.forEach((id, target) -> {
                SortedSet<PartitionId> before =
                        Objects.requireNonNull(members.get(id)).before();
                boolean gained = !before.containsAll(target);
                boolean lost = before.stream()
                        .anyMatch(each ->
                                each.index() < partitions.getOrDefault(each.topic(), 0) && !target.contains(each));
                assertThat(gained && lost).as("member %s gives and takes", id).isFalse();
            });
            keep(targets);
            assertThat(assign(UNIFORM)).as("the same again").isEqualTo(targets);
        }
    }

    private void change(SplittableRandom random) {
        partitions.put(topic(random.nextInt(5)), 1 + random.nextInt(12));
        int id = random.nextInt(8);
        if (members.size() > 2 && random.nextInt(3) == 0) {
            members.remove(List.copyOf(members.keySet()).get(random.nextInt(members.size())));
        } else {
            List<Uuid> wanted = new ArrayList<>(partitions.keySet());
            wanted.removeIf(_ -> random.nextInt(3) == 0);
            SortedSet<PartitionId> before = members.containsKey("m" + id)
                    ? Objects.requireNonNull(members.get("m" + id)).before()
                    : new TreeSet<>();
            members.put("m" + id, new Assignor.Member(null, new TreeSet<>(wanted), before));
        }
        SortedSet<Uuid> read = new TreeSet<>();
        members.values().forEach(each -> read.addAll(each.topics()));
        partitions.keySet().retainAll(read);
        members.replaceAll((_, member) -> {
            SortedSet<Uuid> topics = new TreeSet<>(member.topics());
            topics.retainAll(partitions.keySet());
            return new Assignor.Member(null, topics, member.before());
        });
    }

    private void requireOneOwnerEach(SortedMap<String, SortedSet<PartitionId>> targets) {
        SortedMap<PartitionId, String> owners = new TreeMap<>();
        targets.forEach((id, target) -> target.forEach(each -> {
            assertThat(Objects.requireNonNull(members.get(id)).topics()).contains(each.topic());
            assertThat(owners.put(each, id)).as("second owner of %s", each).isNull();
        }));
        assertThat(owners)
                .hasSize(
                        partitions.values().stream().mapToInt(Integer::intValue).sum());
    }
}
