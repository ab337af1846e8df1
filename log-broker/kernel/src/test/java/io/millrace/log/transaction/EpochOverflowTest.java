package io.millrace.log.transaction;

import static io.millrace.log.transaction.TransactionFixture.initRequest;
import static io.millrace.log.transaction.TransactionFixture.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.transaction.TransactionFixture.Known;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A23: the epochs of a producer are used up (KAFKA-18660, KAFKA-19367, KAFKA-20090). Another id follows, and no epoch
 * is ever negative.
 */
class EpochOverflowTest {

    private static final int LAST = Short.MAX_VALUE - 1;

    private final TransactionFixture coordinator = new TransactionFixture();
    private Known producer = new Known(0, (short) 0);

    /** A producer at the last epoch that a client is told. */
    @BeforeEach
    void atTheLastEpoch() {
        TransactionProducer worn = new TransactionProducer(
                50, (short) (LAST - 1), 50, (short) (LAST - 2), TransactionFixture.TIMEOUT_MS, 2);
        coordinator.log.appendForeign(TransactionRecordCodec.transaction(
                TransactionFixture.ID, new TransactionState.Empty(worn, coordinator.timers.now())));
        coordinator.failOver();
        producer = known(coordinator.goOn(new Known(50, (short) (LAST - 1))));
        assertThat(producer).isEqualTo(new Known(50, (short) LAST));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a23TheEndOfATransactionBringsAnotherId(boolean commit) {
        coordinator.add(producer, 2, "t-0");

        Known next = coordinator.ended(producer, commit);
        coordinator.settle();

        assertThat(next).isEqualTo(new Known(100, (short) 0));
        assertThat(coordinator.partitions.written)
                .containsExactly(commit ? "t-0 COMMIT 50/32767" : "t-0 ABORT 50/32767");
        assertThat(coordinator.ended(producer, commit)).isEqualTo(next);
        assertThat(coordinator.add(next, 2, "t-0")).isEqualTo(Errors.NONE);
        assertThat(coordinator.ended(next, true)).isEqualTo(new Known(100, (short) 1));
    }

    @Test
    void a23FiveTransactionsInARowCrossTheEnd() {
        Known each = producer;
        for (int i = 0; i < 5; i++) {
            assertThat(coordinator.add(each, 2, "t-" + i)).isEqualTo(Errors.NONE);
            each = coordinator.ended(each, i % 2 == 0);
            assertThat(each.epoch()).isNotNegative();
            coordinator.settle();
            coordinator.failOver();
        }
        assertThat(each).isEqualTo(new Known(100, (short) 4));
    }

    /** KAFKA-19367: fencing and aborting together moved the epoch twice. */
    @Test
    void a23AnOpenTransactionIsFencedAtTheLastEpoch() {
        coordinator.add(producer, 2, "t-0");

        assertThat(coordinator.initError(initRequest())).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.settle();

        assertThat(coordinator.partitions.written).containsExactly("t-0 ABORT 50/32767");
        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/0");
        assertThat(coordinator.init()).isEqualTo(new Known(100, (short) 1));
        assertThat(coordinator.end(producer, true, 2)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    /** KAFKA-20090: the fence at the last epoch must bring another id as well. */
    @Test
    void a23ATransactionTimesOutAtTheLastEpoch() {
        coordinator.add(producer, 2, "t-0");

        coordinator.timers.advance(TransactionFixture.TIMEOUT_MS);

        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/0");
        assertThat(coordinator.end(producer, true, 2)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(coordinator.ended(producer, false)).isEqualTo(new Known(100, (short) 0));
    }

    @Test
    void aProducerGoesOnUnderAnotherIdAndMayAskTwice() {
        Known next = known(coordinator.goOn(producer));

        assertThat(next).isEqualTo(new Known(100, (short) 0));
        assertThat(known(coordinator.goOn(producer))).isEqualTo(next);
        coordinator.failOver();
        assertThat(known(coordinator.goOn(producer))).isEqualTo(next);
        assertThat(coordinator.add(producer, 2, "t-0")).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void anotherProducerComesInUnderAnotherId() {
        assertThat(coordinator.init()).isEqualTo(new Known(100, (short) 0));
        assertThat(TransactionFixture.error(coordinator.goOn(producer))).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void theClientMayKnowOfTheIdBeforeTheTransactionIsComplete() {
        coordinator.add(producer, 2, "t-0");
        coordinator.partitions.hold();
        Known next = coordinator.ended(producer, true);

        Promise<Errors> adding = coordinator.adding(next, 2, "t-0");
        assertThat(coordinator.end(next, false, 2)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.partitions.release();
        coordinator.settle();
        assertThat(TransactionFixture.get(adding)).isEqualTo(Errors.NONE);
    }

    @Test
    void withoutAFreshIdTheEndIsTriedAgain() {
        coordinator.add(producer, 2, "t-0");
        coordinator.lackProducerIds(true);
        assertThat(coordinator.end(producer, true, 2)).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        coordinator.timers.advance(TransactionFixture.TIMEOUT_MS + 5_000);
        assertThat(coordinator.state()).isEqualTo("Ongoing 50/32766");

        coordinator.lackProducerIds(false);
        coordinator.timers.advance(1_000);

        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/0");
    }

    /** Clients of version 0 stay at the last epoch until they ask for another. */
    @Test
    void versionZeroEndsAtTheLastEpoch() {
        coordinator.add(producer, 0, "t-0");
        assertThat(coordinator.end(producer, true, 0)).isEqualTo(Errors.NONE);
        coordinator.settle();

        assertThat(coordinator.add(producer, 0, "t-0")).isEqualTo(Errors.NONE);
        assertThat(coordinator.state()).isEqualTo("Ongoing 50/32766");
    }
}
