package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members of both protocols come, go and die in one group, which changes from one to the other and back, while the log
 * refuses, delays and loses records and the coordinator moves. A partition has one owner in an epoch, whatever that
 * protocol calls it; and when it is over, the group is stable and covers all partitions. A failure is its seed.
 */
class MigrationStormTest {

    private static final int STEPS = 400;
    private static final int MEMBERS_MAX = 6;
    private static final int PARTITIONS = 5;
    private static final List<String> TOPICS = List.of("orders");

    private final ConsumerFixture group = new ConsumerFixture();
    private final List<SimReader> members = new ArrayList<>();
    private final Map<String, String> owners = new TreeMap<>();
    private ConsumerPartitionAssignor assignor = new RangeAssignor();
    private int named;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anomalyA27everyPartitionHasOneOwnerWhicheverProtocolItsMembersSpeak(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assignor = seed % 2 == 0 ? new RangeAssignor() : new CooperativeStickyAssignor();
        group.topics.create("orders", PARTITIONS);
        for (int step = 0; step < STEPS; step++) {
            disturb(random);
            group.timers.advance(random.nextInt(2_000));
            repair();
            letAct(random);
        }

        quiet(random);

        TreeSet<PartitionId> covered = new TreeSet<>();
        members.forEach(each -> each.owned()
                .forEach(partition -> assertThat(covered.add(partition))
                        .as("%s is read once, by %s", partition, members)
                        .isTrue()));
        assertThat(covered).as("what is read by %s", members).hasSize(PARTITIONS);
        assertThat(group.list("").getFirst()).contains("Stable");
    }

    private void disturb(SplittableRandom random) {
        switch (random.nextInt(50)) {
            case 0, 1 -> come(consumer(null));
            case 2, 3 -> come(classic(null));
            case 4 -> comeAsStatic("static-" + random.nextInt(2), random);
            case 5 -> members.remove(pick(random));
            case 6, 7 -> leave(pick(random));
            case 8 -> group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
            case 9, 10 -> group.log.refuse(Errors.NONE);
            case 11 -> group.log.commitByHand();
            case 12, 13 -> group.log.commitAtOnce();
            case 14 -> group.log.loseUncommitted(Errors.KAFKA_STORAGE_ERROR);
            case 15 -> group.group.failOver();
            case 16 -> allConsumersLeave(random);
            default -> {}
        }
    }

    private SimReader consumer(@Nullable String instanceId) {
        named++;
        return new SimConsumer(group, "member-" + named, instanceId, TOPICS);
    }

    private SimReader classic(@Nullable String instanceId) {
        named++;
        return new SimClassicConsumer(group, "classic-" + named, instanceId, assignor, TOPICS);
    }

    private void come(SimReader member) {
        if (members.size() < MEMBERS_MAX) {
            members.add(member);
        }
    }

    /** In place of the one that was there, which goes without a word, whatever it spoke. */
    private void comeAsStatic(String instanceId, SplittableRandom random) {
        members.removeIf(each -> instanceId.equals(each.instanceId()));
        come(random.nextBoolean() ? classic(instanceId) : consumer(instanceId));
    }

    private @Nullable SimReader pick(SplittableRandom random) {
        return members.isEmpty() ? null : members.get(random.nextInt(members.size()));
    }

    private void leave(@Nullable SimReader member) {
        if (member != null && group.group.isReady()) {
            member.leave();
            members.remove(member);
        }
    }

    private void allConsumersLeave(SplittableRandom random) {
        if (random.nextBoolean()) {
            List.copyOf(members).stream().filter(SimConsumer.class::isInstance).forEach(this::leave);
        }
    }

    private void letAct(SplittableRandom random) {
        for (SimReader each : List.copyOf(members)) {
            if (group.group.isReady() && random.nextInt(4) > 0) {
                act(each, random);
            }
        }
        members.removeIf(SimReader::isRefused);
    }

    private void act(SimReader member, SplittableRandom random) {
        member.act(random);
        for (PartitionId each : member.owned()) {
            String owner = owners.merge(each + " in " + member.epoch(), member.name(), (a, b) -> a);
            assertThat(owner)
                    .as("owner of %s in epoch %s", each, member.epoch())
                    .isEqualTo(member.name());
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
        members.add(random.nextBoolean() ? classic(null) : consumer(null));
        for (int second = 0; second < 300; second++) {
            group.timers.advance(1_000);
            members.forEach(each -> act(each, random));
            members.removeIf(SimReader::isRefused);
        }
    }
}
