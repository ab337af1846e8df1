package io.millrace.log.transaction;

import static io.millrace.log.transaction.TransactionFixture.error;
import static io.millrace.log.transaction.TransactionFixture.initRequest;
import static io.millrace.log.transaction.TransactionFixture.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.transaction.TransactionFixture.Known;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** InitProducerId with a transactional id: who may act under it. */
class InitProducerTest {

    private final TransactionFixture coordinator = new TransactionFixture();

    @Test
    void theFirstProducerBeginsAtEpochZero() {
        assertThat(coordinator.init()).isEqualTo(new Known(100, (short) 0));
        assertThat(coordinator.state()).isEqualTo("Empty 100/0");
    }

    @Test
    void aProducerIsToldOfItselfWhenThatIsCommitted() {
        coordinator.log.commitByHand();
        Promise<InitProducerIdResponseData> answer = coordinator.init(initRequest());
        assertThat(answer.isDone()).isFalse();

        coordinator.log.commit();

        assertThat(known(answer)).isEqualTo(new Known(100, (short) 0));
    }

    @Test
    void eachProducerFencesTheOneBefore() {
        Known first = coordinator.init();
        Known second = coordinator.init();

        assertThat(second).isEqualTo(first.withEpoch(1));
        assertThat(coordinator.add(first, 2, "t-0")).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(coordinator.end(first, true, 2)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(coordinator.end(first, true, 0)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(error(coordinator.goOn(first))).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(coordinator.state()).isEqualTo("Empty 100/1");
    }

    @Test
    void nobodyIsFencedByWhatIsNotCommitted() {
        Known first = coordinator.init();
        coordinator.log.commitByHand();
        Promise<InitProducerIdResponseData> second = coordinator.init(initRequest());
        Promise<Errors> adding = coordinator.adding(first, 2, "t-0");
        assertThat(adding.isDone()).isFalse();

        coordinator.log.loseUncommitted(Errors.KAFKA_STORAGE_ERROR);
        coordinator.log.commitAtOnce();
        coordinator.timers.advance(1);

        assertThat(error(second)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(TransactionFixture.get(adding)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(coordinator.add(first, 2, "t-0")).isEqualTo(Errors.NONE);
    }

    @Test
    void anOpenTransactionIsAbortedBeforeTheNextProducerIsLetIn() {
        Known first = coordinator.open("t-0");
        coordinator.partitions.hold();

        assertThat(coordinator.initError(initRequest())).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(coordinator.state()).isEqualTo("PrepareAbort 100/1");
        assertThat(coordinator.initError(initRequest())).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.partitions.release();
        coordinator.settle();

        assertThat(coordinator.partitions.written).containsExactly("t-0 ABORT 100/1");
        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");
        assertThat(coordinator.init()).isEqualTo(first.withEpoch(2));
        assertThat(coordinator.end(first, false, 2)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void aFenceThatCannotBeWrittenChangesNothing() {
        Known first = coordinator.open("t-0");
        coordinator.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(coordinator.initError(initRequest())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        coordinator.log.refuse(Errors.NONE);
        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");

        assertThat(coordinator.initError(initRequest())).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.settle();

        assertThat(coordinator.init()).isEqualTo(first.withEpoch(2));
    }

    @Test
    void aProducerGoesOnAfterAnError() {
        Known first = coordinator.init();

        Known next = known(coordinator.goOn(first));

        assertThat(next).isEqualTo(first.withEpoch(1));
        assertThat(coordinator.add(first, 2, "t-0")).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(coordinator.add(next, 2, "t-0")).isEqualTo(Errors.NONE);
    }

    @Test
    void aProducerThatAsksAgainIsGivenTheSameEvenByAnotherCoordinator() {
        Known first = coordinator.init();
        Known next = known(coordinator.goOn(first));

        assertThat(known(coordinator.goOn(first))).isEqualTo(next);
        coordinator.failOver();
        assertThat(known(coordinator.goOn(first))).isEqualTo(next);
    }

    @Test
    void whoeverNamesNoProducerIsNoRepetition() {
        Known first = coordinator.init();
        known(coordinator.goOn(first));
        coordinator.init();

        assertThat(error(coordinator.goOn(first))).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void aProducerOfAnotherIdIsFenced() {
        Known first = coordinator.init();

        assertThat(error(coordinator.goOn(new Known(first.id() + 1, first.epoch()))))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void aFencedProducerDoesNotAbortTheTransactionOfItsSuccessor() {
        Known zombie = coordinator.init();
        Known successor = coordinator.open("t-0");

        assertThat(error(coordinator.goOn(zombie))).isEqualTo(Errors.PRODUCER_FENCED);

        assertThat(coordinator.end(successor, true, 2)).isEqualTo(Errors.NONE);
        assertThat(coordinator.partitions.written).containsExactly("t-0 COMMIT 100/2");
    }

    @Test
    void aProducerGoesOnFromItsOwnOpenTransaction() {
        Known first = coordinator.open("t-0");

        assertThat(error(coordinator.goOn(first))).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.settle();

        assertThat(known(coordinator.goOn(first))).isEqualTo(first.withEpoch(1));
    }

    @Test
    void aProducerIsUnknownWhereTheIdWasForgotten() {
        assertThat(known(coordinator.goOn(new Known(7, (short) 3)))).isEqualTo(new Known(100, (short) 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 900_001})
    void aTimeoutOutOfRangeIsRefused(int timeoutMs) {
        assertThat(coordinator.initError(initRequest().setTransactionTimeoutMs(timeoutMs)))
                .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        assertThat(coordinator.state()).isEqualTo("TRANSACTIONAL_ID_NOT_FOUND");
    }

    @Test
    void aProducerTakesItsTimeoutAlong() {
        coordinator.init();
        coordinator.init(initRequest().setTransactionTimeoutMs(900_000));

        assertThat(coordinator.describe().transactionTimeoutMs()).isEqualTo(900_000);
    }

    @Test
    void withoutAFreshIdTheClientTriesAgain() {
        coordinator.lackProducerIds(true);
        assertThat(coordinator.initError(initRequest())).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        coordinator.lackProducerIds(false);

        assertThat(coordinator.init()).isEqualTo(new Known(100, (short) 0));
    }
}
