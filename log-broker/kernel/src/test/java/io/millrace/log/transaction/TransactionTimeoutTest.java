package io.millrace.log.transaction;

import static io.millrace.log.transaction.TransactionFixture.TIMEOUT_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.transaction.TransactionFixture.Known;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What time does to transactions and their ids. */
class TransactionTimeoutTest {

    private static final int DAY_MS = 24 * 60 * 60 * 1000;

    private final TransactionFixture coordinator = new TransactionFixture();

    /** A21: nobody waits for a transaction whose producer is gone. */
    @Test
    void a21ATransactionThatIsOpenForTooLongIsAborted() {
        Known producer = coordinator.open("t-0");
        coordinator.timers.advance(TIMEOUT_MS - 1);
        coordinator.add(producer, 2, "t-1");
        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");

        coordinator.timers.advance(1);

        assertThat(coordinator.partitions.written).containsExactly("t-0 ABORT 100/1", "t-1 ABORT 100/1");
        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");
        assertThat(coordinator.add(producer, 2, "t-0")).isEqualTo(Errors.PRODUCER_FENCED);
    }

    /** A producer that aborts after that is told where to go on; so is one of version 0 that asks (KIP-588). */
    @Test
    void aProducerWhoseTransactionTimedOutGoesOn() {
        Known producer = coordinator.open("t-0");
        coordinator.timers.advance(TIMEOUT_MS);

        assertThat(TransactionFixture.known(coordinator.goOn(producer))).isEqualTo(producer.withEpoch(1));
        Known next = coordinator.ended(producer.withEpoch(1), false);
        assertThat(next).isEqualTo(producer.withEpoch(2));
    }

    @Test
    void anEndInTimeStopsTheClock() {
        Known producer = coordinator.open("t-0");
        coordinator.ended(producer, true);
        coordinator.settle();

        coordinator.timers.advance(2 * TIMEOUT_MS);

        assertThat(coordinator.state()).isEqualTo("CompleteCommit 100/1");
        assertThat(coordinator.partitions.written).containsExactly("t-0 COMMIT 100/1");
    }

    @Test
    void theClockGoesOnWithAnotherCoordinator() {
        coordinator.open("t-0");
        coordinator.timers.advance(TIMEOUT_MS / 2);
        coordinator.failOver();
        coordinator.timers.advance(TIMEOUT_MS / 2 - 1);
        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");

        coordinator.timers.advance(1);

        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");
    }

    @Test
    void anAbortThatCannotBeWrittenIsTriedAgain() {
        coordinator.open("t-0");
        coordinator.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
        coordinator.timers.advance(TIMEOUT_MS + 5_000);
        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");

        coordinator.log.refuse(Errors.NONE);
        coordinator.timers.advance(1_000);

        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");
    }

    @Test
    void anIdThatNobodyUsesIsForgotten() {
        TransactionFixture fixture =
                new TransactionFixture(TransactionConfig.of(Map.of(TransactionConfig.ID_EXPIRATION, "86400000")));
        Known producer = fixture.open("t-0");
        fixture.ended(producer, true);
        fixture.timers.advance(DAY_MS - 1);
        assertThat(fixture.state()).isEqualTo("CompleteCommit 100/1");

        fixture.timers.advance(60 * 60 * 1000);

        assertThat(fixture.state()).isEqualTo("TRANSACTIONAL_ID_NOT_FOUND");
        assertThat(fixture.log.records().getLast().hasValue()).isFalse();
        fixture.failOver();
        assertThat(fixture.state()).isEqualTo("TRANSACTIONAL_ID_NOT_FOUND");
        assertThat(fixture.init()).isEqualTo(new Known(101, (short) 0));
    }

    @Test
    void anIdWithATransactionIsNotForgotten() {
        TransactionFixture fixture =
                new TransactionFixture(TransactionConfig.of(Map.of(TransactionConfig.ID_EXPIRATION, "1")));
        Known producer = fixture.open("t-0");
        fixture.partitions.refuse("t-0", Errors.NOT_LEADER_OR_FOLLOWER);
        fixture.ended(producer, true);

        fixture.timers.advance(DAY_MS);

        assertThat(fixture.state()).isEqualTo("PrepareCommit 100/1");
    }
}
