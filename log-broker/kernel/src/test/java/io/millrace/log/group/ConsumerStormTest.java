package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members of the consumer protocol come, go, die, come back and want other topics, topics grow and go, answers get
 * lost, while the log refuses, delays and loses records and the coordinator moves. Whatever happens, a partition has
 * one owner in an epoch, and the next coordinator finds in the log what the last one knew; and when it is over, the
 * group is stable and covers all partitions. A failure is its seed.
 */
class ConsumerStormTest {

    private static final int STEPS = 400;
    private static final int MEMBERS_MAX = 7;
    private static final List<List<String>> SUBSCRIPTIONS = List.of(
            List.of("orders"), List.of("orders", "stock"), List.of("stock"), List.of("^[os].*"), List.of("^st.*"));

    private record Hold(PartitionId partition, int epoch) implements Comparable<Hold> {
        @Override
        public int compareTo(Hold other) {
            int byPartition = partition.compareTo(other.partition);
            return byPartition == 0 ? Integer.compare(epoch, other.epoch) : byPartition;
        }
    }

    private final ConsumerFixture group = new ConsumerFixture();
    private final List<SimConsumer> members = new ArrayList<>();
    private final SortedMap<Hold, String> owners = new TreeMap<>();
    private int named;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anomalyA27everyPartitionHasOneOwnerInAnEpochAndTheGroupIsNeverStuck(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        storm(random, () -> {});

        quiet(random);

        assertThat(group.describe().groupState()).as("state with %s", members).isEqualTo("Stable");
        assertThat(group.describe().members()).hasSize(members.size());
        TreeSet<PartitionId> covered = new TreeSet<>();
        members.forEach(each -> each.owned()
                .forEach(partition -> assertThat(covered.add(partition))
                        .as("%s is read once, by %s", partition, members)
                        .isTrue()));
        assertThat(covered).hasSize(partitions());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anomalyA25theNextCoordinatorFindsWhatTheLastOneKnew(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        storm(random, () -> {
            commit(random);
            if (group.group.isReady() && random.nextInt(10) == 0) {
                group.log.refuse(Errors.NONE);
                group.log.commitAtOnce();
                String before = group.group.state().toString();
                group.group.failOver();
                assertThat(group.group.state()).hasToString(before);
            }
        });
    }

    private void storm(SplittableRandom random, Runnable afterEachStep) {
        group.topics.create("orders", 5);
        group.topics.create("stock", 3);
        for (int step = 0; step < STEPS; step++) {
            disturb(random);
            group.timers.advance(random.nextInt(2_000));
            repair();
            letAct(random);
            afterEachStep.run();
        }
    }

    private int partitions() {
        return group.topics.image().topics().stream()
                .mapToInt(each -> each.partitions().size())
                .sum();
    }

    private void disturb(SplittableRandom random) {
        switch (random.nextInt(50)) {
            case 0, 1, 2 -> come(null, random);
            case 3 -> comeAsStatic("static-" + random.nextInt(2), random);
            case 4 -> members.remove(pick(random));
            case 5 -> leave(pick(random), -1);
            case 6 -> leaveForNow(pick(random));
            case 7 -> group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
            case 8, 9 -> group.log.refuse(Errors.NONE);
            case 10 -> group.log.commitByHand();
            case 11, 12 -> group.log.commitAtOnce();
            case 13 -> group.log.loseUncommitted(Errors.KAFKA_STORAGE_ERROR);
            case 14 -> group.group.failOver();
            case 15 -> changeTopics(random);
            case 16 -> resubscribe(pick(random), random);
            default -> {}
        }
    }

    private void changeTopics(SplittableRandom random) {
        switch (random.nextInt(3)) {
            case 0 -> group.topics.addPartitions("orders", 1);
            case 1 -> {
                group.topics.delete("stock");
                group.topics.create("stock", 1 + random.nextInt(4));
            }
            default -> group.topics.create("beside-" + named++, 1);
        }
    }

    private void come(@Nullable String instanceId, SplittableRandom random) {
        if (members.size() < MEMBERS_MAX) {
            named++;
            members.add(new SimConsumer(group, "member-" + named, instanceId, subscription(random)));
        }
    }

    private static List<String> subscription(SplittableRandom random) {
        return SUBSCRIPTIONS.get(random.nextInt(SUBSCRIPTIONS.size()));
    }

    /** In place of the one that was there, which goes without a word. */
    private void comeAsStatic(String instanceId, SplittableRandom random) {
        members.removeIf(each -> instanceId.equals(each.instanceId()));
        come(instanceId, random);
    }

    private @Nullable SimConsumer pick(SplittableRandom random) {
        return members.isEmpty() ? null : members.get(random.nextInt(members.size()));
    }

    private void leave(@Nullable SimConsumer member, int epoch) {
        if (member != null && group.group.isReady()) {
            member.leave(epoch);
            members.remove(member);
        }
    }

    private void leaveForNow(@Nullable SimConsumer member) {
        if (member != null && member.instanceId() != null) {
            leave(member, -2);
        }
    }

    private static void resubscribe(@Nullable SimConsumer member, SplittableRandom random) {
        if (member != null) {
            member.subscribe(subscription(random));
        }
    }

    private void letAct(SplittableRandom random) {
        for (SimConsumer each : List.copyOf(members)) {
            if (group.group.isReady() && random.nextInt(4) > 0) {
                act(each, random);
            }
        }
        members.removeIf(SimConsumer::isRefused);
    }

    private void act(SimConsumer member, SplittableRandom random) {
        member.act(random);
        for (PartitionId each : member.owned()) {
            String owner = owners.merge(new Hold(each, member.epoch()), member.name(), (a, b) -> a);
            assertThat(owner)
                    .as("owner of %s in epoch %s", each, member.epoch())
                    .isEqualTo(member.name());
        }
    }

    private void commit(SplittableRandom random) {
        SimConsumer member = pick(random);
        if (member != null && group.group.isReady()) {
            group.group.commit(
                    GroupFixture.commitRequest(member.memberId(), member.epoch(), random.nextInt(1_000)), 10);
        }
    }

    private void repair() {
        if (group.group.hasFailed()) {
            group.group.failOver();
        }
    }

    private void quiet(SplittableRandom random) {
        group.log.refuse(Errors.NONE);
        group.log.commitAtOnce();
        group.timers.advance(10);
        repair();
        members.add(new SimConsumer(group, "last", null, List.of("stock", "^ord.*")));
        group.topics.image().topics().stream()
                .map(each -> each.name())
                .filter(each -> each.startsWith("beside"))
                .toList()
                .forEach(group.topics::delete);
        for (int second = 0; second < 300; second++) {
            group.timers.advance(1_000);
            members.forEach(each -> act(each, random));
            members.removeIf(SimConsumer::isRefused);
        }
    }
}
