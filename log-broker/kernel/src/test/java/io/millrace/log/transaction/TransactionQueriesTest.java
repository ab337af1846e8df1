package io.millrace.log.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.transaction.TransactionFixture.Known;
import java.util.List;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ListTransactions and its filters. */
class TransactionQueriesTest {

    private final TransactionFixture coordinator = new TransactionFixture();

    @BeforeEach
    void threeTransactionalIds() {
        Known producer = coordinator.open("t-0");
        coordinator.ended(producer, true);
        coordinator.settle();
        for (String id : List.of("refunds", "returns")) {
            coordinator.init(TransactionFixture.initRequest().setTransactionalId(id));
        }
    }

    private List<String> list(ListTransactionsRequestData filters) {
        return coordinator.list(filters).transactionStates().stream()
                .map(TransactionState::transactionalId)
                .toList();
    }

    @Test
    void withoutFiltersAllAreListed() {
        ListTransactionsResponseData all = coordinator.list(new ListTransactionsRequestData());

        assertThat(all.transactionStates())
                .containsExactly(
                        listed("payments", 100, "CompleteCommit"),
                        listed("refunds", 101, "Empty"),
                        listed("returns", 102, "Empty"));
    }

    private static TransactionState listed(String id, long producerId, String state) {
        return new TransactionState()
                .setTransactionalId(id)
                .setProducerId(producerId)
                .setTransactionState(state);
    }

    @Test
    void statesAndProducersFilter() {
        assertThat(list(new ListTransactionsRequestData().setStateFilters(List.of("Empty", "Dead"))))
                .containsExactly("refunds", "returns");
        assertThat(list(new ListTransactionsRequestData().setProducerIdFilters(List.of(100L, 102L))))
                .containsExactly("payments", "returns");
    }

    @Test
    void statesThatDoNotExistAreNamedAndMatchNothing() {
        ListTransactionsResponseData answer =
                coordinator.list(new ListTransactionsRequestData().setStateFilters(List.of("Open", "empty")));

        assertThat(answer.unknownStateFilters()).containsExactly("Open", "empty");
        assertThat(answer.transactionStates()).isEmpty();
    }

    @Test
    void onlyWhatRunsForLongerThanTheDurationIsListed() {
        Known producer = TransactionFixture.known(
                coordinator.init(TransactionFixture.initRequest().setTransactionalId("payments")));
        coordinator.add(producer, 2, "t-0");
        ListTransactionsRequestData filters = new ListTransactionsRequestData()
                .setStateFilters(List.of("Ongoing"))
                .setDurationFilter(1_000);
        coordinator.timers.advance(1_000);
        assertThat(list(filters)).isEmpty();

        coordinator.timers.advance(1);

        assertThat(list(filters)).containsExactly("payments");
    }

    @Test
    void aPatternMatchesWholeIds() {
        assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern("re.*")))
                .containsExactly("refunds", "returns");
        assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern("re")))
                .isEmpty();
        assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern("")))
                .hasSize(3);
    }

    @Test
    void patternsThatAreNoneOrTakeForEverAreRefused() {
        coordinator.init(TransactionFixture.initRequest().setTransactionalId("a".repeat(30)));

        for (String pattern : List.of("(", "(.*)(.*)(.*)(.*)(.*)(.*)!")) {
            ListTransactionsResponseData answer =
                    coordinator.list(new ListTransactionsRequestData().setTransactionalIdPattern(pattern));
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        }
    }
}
