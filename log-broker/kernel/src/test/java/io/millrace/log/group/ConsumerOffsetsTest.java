package io.millrace.log.group;

import static io.millrace.log.group.ConsumerFixture.SESSION_MS;
import static io.millrace.log.group.ConsumerFixture.assigned;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.PartitionId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerOffsetsTest {

    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1_000;

    private final ConsumerFixture group = new ConsumerFixture();

    @BeforeEach
    void createTopics() {
        group.topics.create("orders", 2);
    }

    @Test
    void aMemberCommitsInItsEpoch() {
        group.join("a", "orders");

        assertThat(group.commit("a", 2, 10)).isEqualTo(Errors.NONE);
        assertThat(group.commit("a", 3, 10)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(group.commit("a", 1, 10)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(group.commit("b", 2, 10)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.commit("a", 2, 8)).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(group.group.offsets()).containsExactly(5L);
    }

    @Test
    void whoIsNoMemberCommitsOnlyWhileThereIsNone() {
        group.join("a", "orders");
        assertThat(group.commit("", -1, 9)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);

        group.beat("a", -1);

        assertThat(group.commit("", -1, 9)).isEqualTo(Errors.NONE);
    }

    @Test
    void aMemberThatIsBehindCommitsWhatItHasHadSince() {
        SortedSet<PartitionId> all = assigned(group.join("a", "orders"));
        group.pause();
        group.join("b", "orders");
        SortedSet<PartitionId> kept = assigned(group.beat("a", 2, all));
        group.beat("a", 2, kept);
        assertThat(kept).containsExactly(group.topics.partition("orders", 0));

        assertThat(group.commit("a", 2, 10)).as("kept, one epoch behind").isEqualTo(Errors.NONE);
        assertThat(group.commit("b", 3, 10)).as("of a member in its epoch").isEqualTo(Errors.NONE);
        assertThat(group.commit("b", 2, 10)).as("never held").isEqualTo(Errors.STALE_MEMBER_EPOCH);
    }

    @Test
    void anomalyA26aMemberThatSleptCommitsNothing() {
        group.join("a", "orders");
        group.timers.advance(SESSION_MS + 1_000);
        assertThat(group.commit("a", 2, 10)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);

        group.join("a", "orders");
        group.pause();
        SortedSet<PartitionId> all = new TreeSet<>(group.assignments().get("a"));
        group.join("b", "orders");
        group.beat("a", group.describe().members().getFirst().memberEpoch(), all);

        assertThat(group.commit("a", 2, 10))
                .as("in an epoch of its earlier life")
                .isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(group.group.offsets()).isEmpty();
    }

    @Test
    void aProducerCommitsForAMemberInItsEpochOrForNobodyInParticular() {
        group.join("a", "orders");

        assertThat(commitInTransaction("a", 2)).isEqualTo(Errors.NONE);
        assertThat(commitInTransaction("a", 3)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("a", 1)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("b", 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commitInTransaction("", -1)).isEqualTo(Errors.NONE);
    }

    private Errors commitInTransaction(String memberId, int epoch) {
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setGroupId(ConsumerFixture.GROUP)
                .setProducerId(7)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition().setCommittedOffset(5)))));
        Answer<TxnOffsetCommitResponseData> answer =
                group.group.ask(request, 5, call -> group.group.state().commitInTransaction(call));
        return Errors.forCode(
                answer.get().topics().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void aMemberFetchesInItsEpoch() {
        group.join("a", "orders");

        assertThat(group.fetch("a", 2)).isEqualTo(Errors.NONE);
        assertThat(group.fetch("a", 1)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(group.fetch("b", 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.group.fetchAll().get().errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void offsetsOfTopicsThatMembersReadAreNotDeleted() {
        group.topics.create("stock", 1);
        group.join("a", "orders");
        group.commit("a", 2, 10);

        assertThat(deleteOrders()).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
        group.beat("a", -1);
        assertThat(deleteOrders()).isEqualTo(Errors.NONE);
        assertThat(group.group.offsets()).isEmpty();
    }

    private Errors deleteOrders() {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("orders")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        OffsetDeleteRequestData request =
                new OffsetDeleteRequestData().setGroupId(ConsumerFixture.GROUP).setTopics(topics);
        Answer<OffsetDeleteResponseData> answer =
                group.group.ask(request, 0, call -> group.group.state().deleteOffsets(call));
        return Errors.forCode(
                answer.get().topics().find("orders").partitions().find(0).errorCode());
    }

    @Test
    void anomalyA28offsetsOfAGroupWithMembersNeverExpire() {
        group.join("a", "orders");
        group.commit("a", 2, 10);

        for (long waitedMs = 0; waitedMs < 2 * WEEK_MS; waitedMs += 30_000) {
            group.timers.advance(30_000);
            group.beat("a", 2);
        }
        assertThat(group.group.offsets()).containsExactly(5L);

        group.beat("a", -1);
        group.timers.advance(WEEK_MS - 60_000);
        assertThat(group.group.offsets())
                .as("a week after the last member left, less a minute")
                .hasSize(1);
        group.timers.advance(1_000_000);
        assertThat(group.group.offsets()).isEmpty();
        assertThat(group.describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void aConsumerGroupTakesThePlaceOfAClassicOneWithoutMembersAndKeepsItsOffsets() {
        assertThat(group.group.commitSimple(7)).isEqualTo(Errors.NONE);

        group.join("a", "orders");

        assertThat(group.describe().groupState()).isEqualTo("Stable");
        assertThat(group.list("")).containsExactly("shop consumer Stable consumer");
        assertThat(group.group.offsets()).containsExactly(7L);
        group.group.failOver();
        assertThat(group.describe().groupState()).isEqualTo("Stable");
        assertThat(group.group.offsets()).containsExactly(7L);
    }

    @Test
    void aClassicGroupTakesThePlaceOfAConsumerGroupWithoutMembersAndKeepsItsOffsets() {
        group.join("a", "orders");
        group.commit("a", 2, 10);
        group.beat("a", -1);

        group.group.stableGroup(1);

        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
        assertThat(group.group.offsets()).containsExactly(5L);
        group.group.failOver();
        assertThat(group.list("")).containsExactly("shop consumer Stable classic");
        assertThat(group.group.offsets()).containsExactly(5L);
    }
}
