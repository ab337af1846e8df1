package io.millrace.log.group;

import static io.millrace.log.group.ConsumerFixture.SESSION_MS;
import static io.millrace.log.group.ConsumerFixture.assigned;
import static io.millrace.log.group.ConsumerFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.PartitionId;
import java.util.SortedSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Static members (KIP-345) of the consumer protocol. */
class StaticConsumerTest {

    private final ConsumerFixture group = new ConsumerFixture();

    @BeforeEach
    void createTopics() {
        group.topics.create("orders", 4);
    }

    private ConsumerGroupHeartbeatResponseData join(String memberId, String instanceId) {
        return group.heartbeat(ConsumerFixture.joinRequest(memberId, "orders").setInstanceId(instanceId));
    }

    private ConsumerGroupHeartbeatResponseData beat(String memberId, String instanceId, int epoch) {
        return group.heartbeat(ConsumerFixture.request(memberId, epoch).setInstanceId(instanceId));
    }

    @Test
    void oneThatLeavesForAWhileComesBackToWhatItRead() {
        SortedSet<PartitionId> all = assigned(join("a", "one"));
        group.pause();
        group.join("b", "orders");
        SortedSet<PartitionId> kept = assigned(group.beat("a", 2, all));
        group.beat("a", 2, kept);

        assertThat(beat("a", "one", -2).memberEpoch()).isEqualTo(-2);
        assertThat(group.describe().groupEpoch()).isEqualTo(3);
        assertThat(assigned(group.beat("b", 3))).as("what is free, and no more").hasSize(2);

        ConsumerGroupHeartbeatResponseData back = join("c", "one");
        assertThat(back.memberEpoch()).isEqualTo(3);
        assertThat(assigned(back)).isEqualTo(kept);
        assertThat(group.describe().groupEpoch()).as("nothing has changed").isEqualTo(3);
        assertThat(group.describe().members()).hasSize(2);
        assertThat(error(beat("a", "one", 3))).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void oneThatDoesNotComeBackInTimeLosesItsPlace() {
        join("a", "one");
        beat("a", "one", -2);
        group.pause();
        assertThat(assigned(group.join("b", "orders"))).isEmpty();

        group.timers.advance(SESSION_MS - 3_000);
        group.beat("b", 3);
        group.timers.advance(4_000);

        assertThat(assigned(group.beat("b", 3))).hasSize(4);
    }

    @Test
    void anInstanceIsNotReleasedByOneThatLives() {
        join("a", "one");

        assertThat(error(join("b", "one"))).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);
        assertThat(error(join("a", "one")))
                .as("the answer to its request got lost")
                .isEqualTo(Errors.NONE);
        assertThat(error(beat("a", "two", 2))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(beat("b", "one", 2))).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(error(beat("b", "one", -2))).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void oneThatLeavesForGoodFreesItsInstance() {
        join("a", "one");

        assertThat(error(beat("a", "one", -1))).isEqualTo(Errors.NONE);

        assertThat(assigned(join("b", "one"))).hasSize(4);
    }

    @Test
    void oneThatComesBackUnderItsOldIdIsTheSameMember() {
        join("a", "one");
        beat("a", "one", -2);

        assertThat(assigned(join("a", "one"))).hasSize(4);
        group.timers.advance(SESSION_MS - 1_000);

        assertThat(error(beat("a", "one", 2))).isEqualTo(Errors.NONE);
        assertThat(group.describe().members()).hasSize(1);
    }

    @Test
    void aStaticMemberIsKnownToTheNextCoordinator() {
        join("a", "one");
        beat("a", "one", -2);

        group.group.failOver();

        assertThat(assigned(join("b", "one"))).hasSize(4);
        assertThat(group.describe().members()).hasSize(1);
    }
}
