package io.millrace.log.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.transaction.TransactionFixture.Known;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the partitions of a transaction come to know of its end. */
class MarkerDeliveryTest {

    private final TransactionFixture coordinator = new TransactionFixture();

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {
                "NOT_LEADER_OR_FOLLOWER",
                "KAFKA_STORAGE_ERROR",
                "NOT_ENOUGH_REPLICAS",
                "TRANSACTION_COORDINATOR_FENCED",
                "UNKNOWN_SERVER_ERROR"
            })
    void aMarkerThatCannotBeWrittenIsTriedAgainUntilItCan(Errors error) {
        Known producer = coordinator.open("t-0", "t-1");
        coordinator.partitions.refuse("t-1", error);
        coordinator.ended(producer, true);
        coordinator.timers.advance(60_000);
        assertThat(coordinator.state()).isEqualTo("PrepareCommit 100/1");
        assertThat(coordinator.partitions.rounds()).isBetween(10, 20);

        coordinator.partitions.refuse("t-1", Errors.NONE);
        coordinator.timers.advance(11_000);

        assertThat(coordinator.partitions.written).containsExactly("t-0 COMMIT 100/1", "t-1 COMMIT 100/1");
        assertThat(coordinator.state()).isEqualTo("CompleteCommit 100/1");
        assertThat(coordinator.timers.pending()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"UNKNOWN_TOPIC_OR_PARTITION", "INVALID_PRODUCER_EPOCH"})
    void aPartitionThatNeedsNoMarkerHoldsNothingUp(Errors error) {
        Known producer = coordinator.open("t-0", "t-1");
        coordinator.partitions.refuse("t-0", error);

        coordinator.ended(producer, false);
        coordinator.settle();

        assertThat(coordinator.partitions.written).containsExactly("t-1 ABORT 100/1");
        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");
    }

    /** A21, A22: the coordinator goes down between its decision and the markers. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a22AnotherCoordinatorWritesWhatMarkersAreMissing(boolean commit) {
        Known producer = coordinator.open("t-0", "t-1");
        coordinator.partitions.refuse("t-1", Errors.NOT_LEADER_OR_FOLLOWER);
        Known next = coordinator.ended(producer, commit);
        coordinator.partitions.refuse("t-1", Errors.NONE);

        coordinator.failOver();
        coordinator.settle();

        String word = commit ? " COMMIT 100/1" : " ABORT 100/1";
        assertThat(coordinator.partitions.written).containsExactly("t-0" + word, "t-0" + word, "t-1" + word);
        assertThat(coordinator.state()).startsWith("Complete");
        assertThat(coordinator.add(next, 2, "t-0")).isEqualTo(Errors.NONE);
    }

    @Test
    void aCoordinatorThatIsGoneHearsNoMoreOfItsMarkers() {
        Known producer = coordinator.open("t-0");
        coordinator.partitions.hold();
        coordinator.ended(producer, true);
        coordinator.failOver();
        int records = coordinator.log.records().size();

        coordinator.partitions.release();
        coordinator.settle();

        assertThat(coordinator.partitions.written).containsExactly("t-0 COMMIT 100/1", "t-0 COMMIT 100/1");
        assertThat(coordinator.log.records()).hasSize(records + 1);
    }

    @Test
    void aCompletionThatCannotBeWrittenIsTriedAgain() {
        Known producer = coordinator.open("t-0");
        coordinator.partitions.hold();
        Known next = coordinator.ended(producer, true);
        coordinator.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
        coordinator.partitions.release();
        coordinator.timers.advance(1_000);
        assertThat(coordinator.state()).isEqualTo("PrepareCommit 100/1");

        coordinator.log.refuse(Errors.NONE);
        coordinator.timers.advance(100);

        assertThat(coordinator.state()).isEqualTo("CompleteCommit 100/1");
        assertThat(coordinator.partitions.rounds()).isEqualTo(1);
        assertThat(coordinator.add(next, 2, "t-0")).isEqualTo(Errors.NONE);
    }
}
