package io.millrace.log.transaction;

import static io.millrace.log.transaction.TransactionFixture.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.transaction.TransactionFixture.Known;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Which partitions a transaction has. */
class PartitionsTest {

    private final TransactionFixture coordinator = new TransactionFixture();

    private List<String> partitions() {
        return coordinator.describe().topics().stream()
                .map(topic -> topic.topic() + topic.partitions())
                .toList();
    }

    @Test
    void theFirstPartitionBeginsATransaction() {
        Known producer = coordinator.init();
        assertThat(coordinator.describe().transactionStartTimeMs()).isEqualTo(-1);
        coordinator.timers.advance(10);

        assertThat(coordinator.add(producer, 2, "u-1", "t-0")).isEqualTo(Errors.NONE);

        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");
        assertThat(coordinator.describe().transactionStartTimeMs()).isEqualTo(coordinator.timers.now());
        assertThat(partitions()).containsExactly("t[0]", "u[1]");
    }

    @Test
    void morePartitionsJoinTheOpenTransaction() {
        Known producer = coordinator.open("t-0");
        long startedMs = coordinator.timers.now();
        coordinator.timers.advance(10);

        assertThat(coordinator.add(producer, 2, "t-2", "t-0")).isEqualTo(Errors.NONE);

        assertThat(partitions()).containsExactly("t[0, 2]");
        assertThat(coordinator.describe().transactionStartTimeMs()).isEqualTo(startedMs);
    }

    @Test
    void aPartitionThatIsThereAlreadyIsNotWrittenAgain() {
        Known producer = coordinator.open("t-0", "t-1");
        int records = coordinator.log.records().size();

        assertThat(coordinator.add(producer, 2, "t-1")).isEqualTo(Errors.NONE);

        assertThat(coordinator.log.records()).hasSize(records);
    }

    @Test
    void anotherCoordinatorKnowsThePartitions() {
        Known producer = coordinator.open("t-0", "u-1");
        coordinator.failOver();

        assertThat(coordinator.state()).isEqualTo("Ongoing 100/0");
        coordinator.ended(producer, true);
        assertThat(coordinator.partitions.written).containsExactly("t-0 COMMIT 100/1", "u-1 COMMIT 100/1");
    }

    @Test
    void aStrangerAddsNothing() {
        assertThat(coordinator.add(new Known(1, (short) 0), 2, "t-0")).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        Known producer = coordinator.init();

        assertThat(coordinator.add(new Known(1, (short) 0), 2, "t-0")).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(coordinator.add(producer.withEpoch(1), 2, "t-0")).isEqualTo(Errors.PRODUCER_FENCED);
    }

    /** The client may know already of an id that only the completion brings. */
    @Test
    void whoBeginsWhileTheTransactionBeforeIsEndingWaitsForThat() {
        Known producer = coordinator.open("t-0");
        coordinator.partitions.hold();
        Known next = coordinator.ended(producer, true);
        List<Promise<Errors>> answers = Stream.of(producer, next, new Known(9, (short) 9))
                .map(each -> coordinator.adding(each, 2, "t-1"))
                .toList();
        coordinator.timers.advance(500);
        assertThat(answers).noneMatch(Promise::isDone);

        coordinator.partitions.release();
        coordinator.settle();

        assertThat(answers.stream().map(TransactionFixture::get))
                .containsExactly(Errors.PRODUCER_FENCED, Errors.NONE, Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(coordinator.state()).isEqualTo("Ongoing 100/1");
    }

    @Test
    void nobodyWaitsForLongForTheTransactionBefore() {
        Known producer = coordinator.open("t-0");
        coordinator.partitions.hold();
        Known next = coordinator.ended(producer, true);
        Promise<Errors> answer = coordinator.adding(next, 2, "t-1");

        coordinator.timers.advance(1_000);

        assertThat(TransactionFixture.get(answer)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.partitions.release();
        coordinator.settle();
        assertThat(coordinator.state()).isEqualTo("CompleteCommit 100/1");
    }

    @Test
    void whoWaitsIsToldWhenTheCoordinatorIsGone() {
        Known producer = coordinator.open("t-0");
        coordinator.partitions.hold();
        Known next = coordinator.ended(producer, true);
        Promise<Errors> answer = coordinator.adding(next, 2, "t-1");

        coordinator.failOver();

        assertThat(TransactionFixture.get(answer)).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void eachPartitionIsVerifiedByItself() {
        Known producer = coordinator.open("t-0");

        assertThat(coordinator.verify(producer, "t-0", "t-1"))
                .isEqualTo(Map.of(
                        named("t-0").getFirst(), Errors.NONE,
                        named("t-1").getFirst(), Errors.TRANSACTION_ABORTABLE));
    }

    @Test
    void nothingVerifiesOutsideOfATransaction() {
        assertThat(verified(new Known(1, (short) 0))).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        Known producer = coordinator.init();
        assertThat(verified(producer)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        coordinator.add(producer, 0, "t-0");
        assertThat(verified(producer)).isEqualTo(Errors.NONE);
        assertThat(verified(producer.withEpoch(1))).isEqualTo(Errors.PRODUCER_FENCED);
        coordinator.partitions.hold();
        coordinator.end(producer, true, 0);
        assertThat(verified(producer)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        coordinator.partitions.release();
        coordinator.settle();
        assertThat(verified(producer)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
    }

    private Errors verified(Known producer) {
        return coordinator.verify(producer, "t-0").values().iterator().next();
    }
}
