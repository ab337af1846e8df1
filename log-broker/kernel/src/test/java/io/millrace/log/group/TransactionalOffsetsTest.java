package io.millrace.log.group;

import static io.millrace.log.group.GroupFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.record.TransactionMarker;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets that are committed within transactions. */
class TransactionalOffsetsTest {

    private static final long PRODUCER = 7;
    private static final int DAY_MS = 24 * 60 * 60 * 1000;

    private GroupFixture coordinator = new GroupFixture();

    private static TxnOffsetCommitRequestData request(long producerId, int partition, long offset) {
        return new TxnOffsetCommitRequestData()
                .setGroupId(GROUP)
                .setTransactionalId("payments")
                .setProducerId(producerId)
                .setProducerEpoch((short) 0)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedLeaderEpoch(3)
                                .setCommittedMetadata("note")))));
    }

    private Errors commit(TxnOffsetCommitRequestData request) {
        Answer<TxnOffsetCommitResponseData> answer =
                coordinator.ask(request, 5, call -> coordinator.state().commitInTransaction(call));
        return Errors.forCode(
                answer.get().topics().getFirst().partitions().getFirst().errorCode());
    }

    private void bring(long producerId, long offset) {
        assertThat(commit(request(producerId, 0, offset))).isEqualTo(Errors.NONE);
    }

    private void end(long producerId, boolean committed) {
        TransactionMarker marker = new TransactionMarker(producerId, (short) 1, committed, 0, 2);
        Answer<Errors> answer =
                coordinator.ask(marker, 0, call -> coordinator.state().endTransaction(call));
        assertThat(answer.get()).isEqualTo(Errors.NONE);
    }

    private OffsetFetchResponsePartitions stable() {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(GROUP)
                .setTopics(
                        List.of(new OffsetFetchRequestTopics().setName("orders").setPartitionIndexes(List.of(0))));
        Answer<OffsetFetchResponseGroup> answer =
                coordinator.ask(request, 9, call -> coordinator.state().fetchStableOffsets(call));
        return answer.get().topics().getFirst().partitions().getFirst();
    }

    @Test
    void anOffsetCountsWhenItsTransactionIsCommitted() {
        coordinator.commitSimple(5);
        bring(PRODUCER, 10);
        assertThat(coordinator.offsets()).containsExactly(5L);

        end(PRODUCER, true);

        assertThat(coordinator.offsets()).containsExactly(10L);
        assertThat(stable().metadata()).isEqualTo("note");
        assertThat(stable().committedLeaderEpoch()).isEqualTo(3);
    }

    @Test
    void anOffsetOfAnAbortedTransactionIsForgotten() {
        coordinator.commitSimple(5);
        bring(PRODUCER, 10);

        end(PRODUCER, false);

        assertThat(coordinator.offsets()).containsExactly(5L);
        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void whoWantsStableOffsetsIsToldToWaitForTheTransaction() {
        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.NONE);
        coordinator.commitSimple(5);
        bring(PRODUCER, 10);
        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
        assertThat(stable().committedOffset()).isEqualTo(-1);

        end(PRODUCER, true);

        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.NONE);
        assertThat(stable().committedOffset()).isEqualTo(10);
    }

    @Test
    void transactionsOfOtherProducersGoOn() {
        bring(PRODUCER, 10);
        bring(8, 20);

        end(PRODUCER, true);

        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
        assertThat(coordinator.offsets()).containsExactly(10L);
        end(8, false);
        assertThat(coordinator.offsets()).containsExactly(10L);
        end(9, true);
        assertThat(coordinator.offsets()).containsExactly(10L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a25WhatIsPendingSurvivesTheCoordinator(boolean commit) {
        coordinator.commitSimple(5);
        bring(PRODUCER, 10);
        coordinator.failOver();
        assertThat(coordinator.offsets()).containsExactly(5L);
        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);

        end(PRODUCER, commit);
        assertThat(coordinator.offsets()).containsExactly(commit ? 10L : 5L);
        coordinator.failOver();

        assertThat(coordinator.offsets()).containsExactly(commit ? 10L : 5L);
    }

    /**
     * Of two commits the one whose record stands later counts, whatever the order of their ends: compaction leaves no
     * other (redpanda#31483).
     */
    @Test
    void a25TheLaterRecordCountsLiveAndAfterReplay() {
        bring(PRODUCER, 10);
        coordinator.commitSimple(12);

        end(PRODUCER, true);

        assertThat(coordinator.offsets()).containsExactly(12L);
        coordinator.failOver();
        assertThat(coordinator.offsets()).containsExactly(12L);
    }

    @Test
    void a25TheLaterOfTwoTransactionsCountsThoughItEndsFirst() {
        bring(PRODUCER, 10);
        bring(8, 20);
        end(8, true);

        end(PRODUCER, true);

        assertThat(coordinator.offsets()).containsExactly(20L);
        coordinator.failOver();
        assertThat(coordinator.offsets()).containsExactly(20L);
    }

    /** An offset that expires while a transaction is open must not take away what the transaction commits. */
    @Test
    void a25WhatATransactionBroughtDoesNotExpire() {
        coordinator = new GroupFixture(GroupConfig.of(Map.of(GroupConfig.OFFSETS_RETENTION, "1440")));
        coordinator.commitSimple(5);
        bring(PRODUCER, 10);

        coordinator.timers.advance(2 * DAY_MS);
        assertThat(coordinator.offsets()).containsExactly(5L);
        end(PRODUCER, true);
        assertThat(coordinator.offsets()).containsExactly(10L);
        coordinator.failOver();
        assertThat(coordinator.offsets()).containsExactly(10L);

        coordinator.timers.advance(DAY_MS);
        assertThat(coordinator.offsets()).isEmpty();
    }

    @Test
    void aGroupThatWaitsForATransactionDoesNotExpire() {
        bring(PRODUCER, 10);

        coordinator.timers.advance(30L * DAY_MS);
        end(PRODUCER, true);

        assertThat(coordinator.offsets()).containsExactly(10L);
        assertThat(coordinator.describe().groupState()).isEqualTo("Empty");
    }

    @Test
    void aDeletedGroupTakesWhatIsPendingAlong() {
        coordinator.commitSimple(5);
        bring(PRODUCER, 10);
        assertThat(commit(request(PRODUCER, 1, 10))).isEqualTo(Errors.NONE);

        assertThat(Errors.forCode(coordinator.delete().get().errorCode())).isEqualTo(Errors.NONE);
        end(PRODUCER, true);

        assertThat(coordinator.offsets()).isEmpty();
        coordinator.failOver();
        assertThat(coordinator.offsets()).isEmpty();
    }

    @Test
    void anOffsetThatIsOnlyPendingCanBeDeleted() {
        bring(PRODUCER, 10);
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("orders")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        OffsetDeleteRequestData delete =
                new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics);
        Answer<OffsetDeleteResponseData> answer =
                coordinator.ask(delete, 0, call -> coordinator.state().deleteOffsets(call));
        assertThat(Errors.forCode(answer.get().errorCode())).isEqualTo(Errors.NONE);

        end(PRODUCER, true);

        assertThat(coordinator.offsets()).isEmpty();
    }

    @Test
    void aDeletedTopicTakesWhatIsPendingAlong() {
        bring(PRODUCER, 10);
        coordinator.ask("orders", 0, call -> coordinator.state().topicDeleted(call.request(), Uuid.ZERO_UUID));

        end(PRODUCER, true);

        assertThat(coordinator.offsets()).isEmpty();
        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void aMemberThatWasLeftBehindIsRefused() {
        JoinGroupResponseData member = coordinator.stableGroup(1).getFirst();
        TxnOffsetCommitRequestData request = request(PRODUCER, 0, 10);
        int generation = member.generationId();

        assertThat(commit(request.duplicate()
                        .setMemberId(member.memberId())
                        .setGenerationIdOrMemberEpoch(generation - 1)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commit(request.duplicate().setMemberId("nobody").setGenerationIdOrMemberEpoch(generation)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commit(request.duplicate().setMemberId(member.memberId()).setGenerationIdOrMemberEpoch(generation)))
                .isEqualTo(Errors.NONE);
        assertThat(commit(request)).isEqualTo(Errors.NONE);
    }

    @Test
    void aGenerationOfAGroupThatIsNotThereIsRefused() {
        assertThat(commit(request(PRODUCER, 0, 10).setMemberId("m").setGenerationIdOrMemberEpoch(1)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void metadataThatIsTooLongIsRefusedForItsPartition() {
        TxnOffsetCommitRequestData request = request(PRODUCER, 0, 10);
        request.topics().getFirst().partitions().getFirst().setCommittedMetadata("x".repeat(4097));

        assertThat(commit(request)).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(Errors.forCode(stable().errorCode())).isEqualTo(Errors.NONE);
    }
}
