package io.millrace.log.transaction;

import static io.millrace.log.transaction.TransactionFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.transaction.TransactionFixture.Known;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EndTxn in both versions of transactions, from every state. */
class EndTransactionTest {

    private final TransactionFixture coordinator = new TransactionFixture();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionOfVersionTwoEndsWithTheNextEpoch(boolean commit) {
        Known producer = coordinator.open("t-0", "t-1", "u-0");

        Known next = coordinator.ended(producer, commit);
        coordinator.settle();

        assertThat(next).isEqualTo(producer.withEpoch(1));
        String word = commit ? " COMMIT 100/1" : " ABORT 100/1";
        assertThat(coordinator.partitions.written).containsExactly("t-0" + word, "t-1" + word, "u-0" + word);
        assertThat(coordinator.state()).isEqualTo((commit ? "CompleteCommit" : "CompleteAbort") + " 100/1");
        assertThat(coordinator.add(next, 2, "t-0")).isEqualTo(Errors.NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionOfVersionZeroKeepsItsEpoch(boolean commit) {
        Known producer = coordinator.init();
        coordinator.add(producer, 0, "t-0");

        EndTxnResponseData answer = get(coordinator.ending(producer, commit, 0));
        coordinator.settle();

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.producerId()).isEqualTo(-1);
        assertThat(coordinator.partitions.written).containsExactly(commit ? "t-0 COMMIT 100/0" : "t-0 ABORT 100/0");
        assertThat(coordinator.add(producer, 0, "t-0")).isEqualTo(Errors.NONE);
    }

    @Test
    void theClientIsToldWhenTheEndIsCommittedAndThePartitionsOnlyThen() {
        Known producer = coordinator.open("t-0");
        coordinator.log.commitByHand();
        Promise<EndTxnResponseData> answer = coordinator.ending(producer, true, 2);
        coordinator.settle();
        assertThat(answer.isDone()).isFalse();
        assertThat(coordinator.partitions.rounds()).isZero();

        coordinator.partitions.hold();
        coordinator.log.commit();

        assertThat(get(answer).producerEpoch()).isEqualTo((short) 1);
        assertThat(coordinator.partitions.rounds()).isEqualTo(1);
    }

    @Test
    void anEndThatCannotBeWrittenChangesNothing() {
        Known producer = coordinator.open("t-0");
        coordinator.log.refuse(Errors.NOT_ENOUGH_REPLICAS);

        assertThat(coordinator.end(producer, true, 2)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        coordinator.log.refuse(Errors.NONE);

        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");
        assertThat(coordinator.partitions.rounds()).isZero();
        assertThat(coordinator.end(producer, false, 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void anEndThatTakesTooLongToCommitIsCarriedOutAllTheSame() {
        Known producer = coordinator.open("t-0");
        coordinator.log.commitByHand();
        Promise<EndTxnResponseData> answer = coordinator.ending(producer, true, 2);
        coordinator.timers.advance(30_000);
        assertThat(Errors.forCode(get(answer).errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        coordinator.timers.advance(60_000);
        assertThat(coordinator.partitions.rounds()).isZero();

        coordinator.log.commitAtOnce();
        coordinator.timers.advance(30_100);

        assertThat(coordinator.partitions.written).containsExactly("t-0 COMMIT 100/1");
        assertThat(coordinator.ended(producer, true)).isEqualTo(producer.withEpoch(1));
    }

    /** Under the epoch before the one in force a request repeats itself; under the one in force it is another. */
    @ParameterizedTest
    @CsvSource({
        "Empty,          abort,  repeated, PRODUCER_FENCED",
        "Empty,          abort,  current,  NONE",
        "Empty,          commit, repeated, PRODUCER_FENCED",
        "Empty,          commit, current,  INVALID_TXN_STATE",
        "CompleteAbort,  abort,  repeated, NONE",
        "CompleteAbort,  abort,  current,  NONE",
        "CompleteAbort,  commit, repeated, PRODUCER_FENCED",
        "CompleteAbort,  commit, current,  INVALID_TXN_STATE",
        "CompleteCommit, abort,  repeated, INVALID_TXN_STATE",
        "CompleteCommit, abort,  current,  NONE",
        "CompleteCommit, commit, repeated, NONE",
        "CompleteCommit, commit, current,  INVALID_TXN_STATE",
        "Ongoing,        abort,  repeated, PRODUCER_FENCED",
        "Ongoing,        abort,  current,  NONE",
        "Ongoing,        commit, repeated, PRODUCER_FENCED",
        "Ongoing,        commit, current,  NONE",
        "PrepareAbort,   abort,  repeated, CONCURRENT_TRANSACTIONS",
        "PrepareAbort,   abort,  current,  CONCURRENT_TRANSACTIONS",
        "PrepareAbort,   commit, repeated, CONCURRENT_TRANSACTIONS",
        "PrepareCommit,  commit, repeated, CONCURRENT_TRANSACTIONS",
        "PrepareCommit,  commit, current,  CONCURRENT_TRANSACTIONS",
        "PrepareCommit,  abort,  repeated, CONCURRENT_TRANSACTIONS"
    })
    void versionTwoTellsARepetitionByItsEpoch(String state, String wish, String epoch, Errors expected) {
        Known current = reach(state, 2);
        assertThat(coordinator.state()).startsWith(state + " ");
        Known asking = epoch.equals("current") ? current : current.withEpoch(current.epoch() - 1);

        assertThat(coordinator.end(asking, wish.equals("commit"), 2)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "Empty,          abort,  INVALID_TXN_STATE",
        "Empty,          commit, INVALID_TXN_STATE",
        "CompleteAbort,  abort,  NONE",
        "CompleteAbort,  commit, INVALID_TXN_STATE",
        "CompleteCommit, abort,  INVALID_TXN_STATE",
        "CompleteCommit, commit, NONE",
        "Ongoing,        abort,  NONE",
        "Ongoing,        commit, NONE",
        "PrepareAbort,   abort,  CONCURRENT_TRANSACTIONS",
        "PrepareCommit,  commit, CONCURRENT_TRANSACTIONS"
    })
    void versionZeroJudgesByTheState(String state, String wish, Errors expected) {
        Known current = reach(state, 0);
        assertThat(coordinator.state()).startsWith(state + " ");

        assertThat(coordinator.end(current.withEpoch(current.epoch() + 1), true, 0))
                .isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(coordinator.end(current, wish.equals("commit"), 0)).isEqualTo(expected);
    }

    /** Brings the transaction into a state; gives the producer in force. */
    private Known reach(String state, int version) {
        Known producer = coordinator.init();
        if (state.equals("Empty")) {
            return TransactionFixture.known(coordinator.goOn(producer));
        }
        coordinator.add(producer, version, "t-0");
        if (state.startsWith("Prepare")) {
            coordinator.partitions.hold();
        }
        if (!state.equals("Ongoing")) {
            coordinator.end(producer, state.endsWith("Commit"), version);
            coordinator.settle();
            return producer.withEpoch(version == 2 ? 1 : 0);
        }
        return producer;
    }

    @Test
    void aRepetitionIsAnsweredLikeTheFirstEvenByAnotherCoordinator() {
        Known producer = coordinator.open("t-0");
        Known next = coordinator.ended(producer, true);
        coordinator.settle();
        coordinator.failOver();

        assertThat(coordinator.ended(producer, true)).isEqualTo(next);
        assertThat(coordinator.partitions.written).hasSize(1);
    }

    @Test
    void anAbortOfNothingMovesTheEpoch() {
        Known producer = coordinator.init();

        Known next = coordinator.ended(producer, false);
        coordinator.settle();

        assertThat(next).isEqualTo(producer.withEpoch(1));
        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");
        assertThat(coordinator.partitions.rounds()).isZero();
    }

    @Test
    void aProducerThatIsNotKnownHasNothingToEnd() {
        assertThat(coordinator.end(new Known(100, (short) 0), true, 2)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        Known producer = coordinator.open("t-0");
        for (int version : new int[] {0, 2}) {
            assertThat(coordinator.end(new Known(99, producer.epoch()), true, version))
                    .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
    }

    /** KAFKA-20785: the client can recover from being fenced, and could not from an invalid state. */
    @Test
    void aCommitThatCrossesTheCoordinatorsOwnAbortIsFenced() {
        Known producer = coordinator.open("t-0");
        coordinator.timers.advance(TransactionFixture.TIMEOUT_MS);
        assertThat(coordinator.state()).isEqualTo("CompleteAbort 100/1");

        assertThat(coordinator.end(producer, true, 2)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    /** KAFKA-17754: an EndTxn that was held up on its way must not end the transaction after its own. */
    @Test
    void a19ADelayedEndDoesNotReachTheNextTransaction() {
        Known first = coordinator.open("t-0");
        Known second = coordinator.ended(first, true);
        coordinator.settle();
        coordinator.add(second, 2, "t-0");

        for (boolean commit : new boolean[] {true, false}) {
            assertThat(coordinator.end(first, commit, 2)).isEqualTo(Errors.PRODUCER_FENCED);
        }

        assertThat(coordinator.state()).isEqualTo("Ongoing 100/1");
    }
}
