package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members come, go, die and come back while the log refuses, delays and loses records and the coordinator moves.
 * Whatever happens, a partition has one owner in a generation; and when it is over, everyone who lives is in one
 * generation that covers all partitions. A failure is its seed.
 */
class RebalanceStormTest {

    private static final int STEPS = 400;
    private static final int MEMBERS_MAX = 7;

    private final GroupFixture group = new GroupFixture();
    private final List<SimMember> members = new ArrayList<>();
    private final Map<Integer, Map<Integer, String>> owners = new TreeMap<>();
    private int named;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anomalyA27everyPartitionHasOneOwnerAndTheGroupIsNeverStuck(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            disturb(random);
            group.timers.advance(random.nextInt(2_000));
            repair();
            letAct(random);
        }

        quiet();

        assertThat(members).isNotEmpty();
        assertThat(members.stream().map(SimMember::generation).distinct())
                .as("generations of %s", members)
                .hasSize(1);
        TreeSet<Integer> covered = new TreeSet<>();
        members.forEach(each -> covered.addAll(Objects.requireNonNull(each.owned(), each.toString())));
        assertThat(covered).hasSize(SimMember.PARTITIONS);
        assertThat(group.describe().groupState()).isEqualTo("Stable");
        assertThat(group.describe().members()).hasSize(members.size());
    }

    private void disturb(SplittableRandom random) {
        switch (random.nextInt(40)) {
            case 0, 1, 2 -> come(null);
            case 3 -> comeAsStatic("static-" + random.nextInt(2));
            case 4 -> members.remove(pick(random));
            case 5 -> leave(pick(random));
            case 6 -> group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
            case 7, 8 -> group.log.refuse(Errors.NONE);
            case 9 -> group.log.commitByHand();
            case 10, 11 -> group.log.commitAtOnce();
            case 12 -> group.log.loseUncommitted(Errors.KAFKA_STORAGE_ERROR);
            case 13 -> group.failOver();
            default -> {}
        }
    }

    private void come(@Nullable String instanceId) {
        if (members.size() < MEMBERS_MAX) {
            named++;
            members.add(new SimMember(group, "member-" + named, instanceId));
        }
    }

    /** Comes back, if it was there: the one that was is gone without a word, or fenced when it speaks again. */
    private void comeAsStatic(String instanceId) {
        members.removeIf(each -> each.name().equals(instanceId));
        come(instanceId);
    }

    private @Nullable SimMember pick(SplittableRandom random) {
        return members.isEmpty() ? null : members.get(random.nextInt(members.size()));
    }

    private void leave(@Nullable SimMember member) {
        if (member != null && group.isReady()) {
            member.leave();
            members.remove(member);
        }
    }

    private void letAct(SplittableRandom random) {
        for (SimMember each : List.copyOf(members)) {
            if (group.isReady() && random.nextInt(4) > 0) {
                act(each);
            }
        }
        members.removeIf(SimMember::isFenced);
    }

    private void act(SimMember member) {
        member.act();
        List<Integer> owned = member.owned();
        if (owned != null) {
            Map<Integer, String> inGeneration = owners.computeIfAbsent(member.generation(), _ -> new TreeMap<>());
            owned.forEach(partition -> assertThat(inGeneration.merge(partition, member.name(), (a, b) -> a))
                    .as("owner of partition %s in generation %s", partition, member.generation())
                    .isEqualTo(member.name()));
        }
    }

    /** A coordinator whose log lost what it was loading stays down until somebody starts it anew. */
    private void repair() {
        if (group.hasFailed()) {
            group.failOver();
        }
    }

    private void quiet() {
        group.log.refuse(Errors.NONE);
        group.log.commitAtOnce();
        group.timers.advance(10);
        repair();
        come(null);
        for (int second = 0; second < 300; second++) {
            group.timers.advance(1_000);
            members.forEach(this::act);
            members.removeIf(SimMember::isFenced);
        }
    }
}
