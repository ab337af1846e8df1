package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.AppendOutcome.Appended;
import io.millrace.log.storage.AppendOutcome.Duplicate;
import io.millrace.log.storage.AppendOutcome.Rejected;
import io.millrace.log.storage.LogConfig;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class IdempotentProducerTest {

    private static final long NONE = AppendOutcome.NO_TIMESTAMP;
    private static final long PRODUCER = 77;

    private final LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);

    @Test
    void answersARepeatedBatchWithItsFirstOffsets() {
        assertThat(send(0, 0, "a", "b")).isEqualTo(new Appended(0, 1, NONE));
        assertThat(send(0, 2, "c")).isEqualTo(new Appended(2, 2, NONE));
        assertThat(send(0, 0, "a", "b")).isEqualTo(new Duplicate(0, 1, NONE));
        assertThat(send(0, 2, "c")).isEqualTo(new Duplicate(2, 2, NONE));
        assertThat(fixture.readAll()).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void remembersTheLastFiveBatches() {
        for (int i = 0; i < 6; i++) {
            send(0, i, "v" + i);
        }
        for (int i = 1; i < 6; i++) {
            assertThat(send(0, i, "v" + i)).isEqualTo(new Duplicate(i, i, NONE));
        }
        assertRejected(send(0, 0, "v0"), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void rejectsAGapInTheSequence() {
        send(0, 0, "a");
        assertRejected(send(0, 2, "c"), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(0, 1, "b")).isEqualTo(new Appended(1, 1, NONE));
    }

    @Test
    void rejectsAFencedEpoch() {
        send(1, 0, "a");
        assertRejected(send(0, 1, "b"), Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aNewEpochBeginsAtSequenceZero() {
        send(0, 0, "a");
        assertRejected(send(1, 1, "b"), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(1, 0, "b")).isEqualTo(new Appended(1, 1, NONE));
        assertRejected(send(0, 1, "c"), Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void anUnknownProducerMayBeginAnywhere() {
        assertThat(send(4, 1000, "a")).isEqualTo(new Appended(0, 0, NONE));
        assertThat(send(4, 1001, "b")).isEqualTo(new Appended(1, 1, NONE));
    }

    @Test
    void sequencesBeginAgainAtZeroAfterTheLargest() {
        assertThat(send(0, Integer.MAX_VALUE - 1, "a", "b", "c")).isEqualTo(new Appended(0, 2, NONE));
        assertThat(send(0, 1, "d")).isEqualTo(new Appended(3, 3, NONE));
        fixture.restart();
        assertThat(send(0, Integer.MAX_VALUE - 1, "a", "b", "c")).isEqualTo(new Duplicate(0, 2, NONE));
        assertThat(send(0, 2, "e")).isEqualTo(new Appended(4, 4, NONE));
    }

    @Test
    void anomalyA15aCleanRestartForgetsNoBatch() {
        remembersAfter(LogFixture::restart);
    }

    @Test
    void anomalyA15aCrashForgetsNoBatch() {
        remembersAfter(LogFixture::crash);
    }

    @Test
    void anomalyA15aCrashAfterARollForgetsNoBatch() {
        LogFixture small = new LogFixture(1, LogFixture.segmentsOf(250));
        for (int i = 0; i < 20; i++) {
            small.append(Batches.idempotent(PRODUCER, 0, i, "v" + i));
            small.append(Batches.idempotent(PRODUCER + 1, 0, i, "w" + i));
        }
        small.commit();
        small.crash();
        for (int i = 15; i < 20; i++) {
            assertThat(small.append(Batches.idempotent(PRODUCER, 0, i, "v" + i)))
                    .isEqualTo(new Duplicate(2L * i, 2L * i, NONE));
        }
        assertRejected(small.append(Batches.idempotent(PRODUCER, 0, 21, "x")), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void anIdleProducerIsForgotten() {
        send(0, 0, "a");
        fixture.nowMillis += 86_400_000;
        fixture.log.enforceRetention(fixture.nowMillis);
        assertRejected(send(0, 7, "b"), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        fixture.nowMillis += 1;
        fixture.log.enforceRetention(fixture.nowMillis);
        assertThat(send(0, 7, "b")).isEqualTo(new Appended(1, 1, NONE));
    }

    @Test
    void aRejectedAppendIsNotRemembered() {
        send(0, 0, "a");
        fixture.disk.limitCapacity(fixture.disk.usedBytes());
        assertRejected(send(0, 1, "b"), Errors.KAFKA_STORAGE_ERROR);
        fixture.disk.clearFaults();
        assertThat(send(0, 1, "b")).isEqualTo(new Appended(1, 1, NONE));
    }

    /** Found by seed 16 of BrokerScheduleTest: the second batch was taken before the first. */
    @Test
    void aNewProducerIsNotTakenBeyondTheBatchThatFoundTheDiskFull() {
        fixture.disk.limitCapacity(fixture.disk.usedBytes());
        assertRejected(send(0, 0, "a", "b"), Errors.KAFKA_STORAGE_ERROR);
        fixture.disk.clearFaults();

        assertRejected(send(0, 2, "c"), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(0, 0, "a", "b")).isEqualTo(new Appended(0, 1, NONE));
        assertThat(send(0, 2, "c")).isEqualTo(new Appended(2, 2, NONE));
    }

    @Test
    void aProducerThatGaveUpItsFirstBatchMayBeginWithALaterOneOnceItIsForgotten() {
        fixture.disk.limitCapacity(fixture.disk.usedBytes());
        assertRejected(send(0, 0, "a"), Errors.KAFKA_STORAGE_ERROR);
        fixture.disk.clearFaults();
        fixture.nowMillis += 86_400_001;
        fixture.log.enforceRetention(fixture.nowMillis);

        assertThat(send(0, 1, "b")).isEqualTo(new Appended(0, 0, NONE));
    }

    @Test
    void severalBatchesOfAnIdempotentProducerAreRefused() {
        assertRejected(
                fixture.append(Batches.together(
                        Batches.idempotent(PRODUCER, 0, 0, "a"), Batches.idempotent(PRODUCER, 0, 1, "b"))),
                Errors.INVALID_RECORD);
        assertThat(fixture.log.logEndOffset()).isZero();
    }

    private void remembersAfter(Consumer<LogFixture> end) {
        for (int i = 0; i < 7; i++) {
            send(0, i, "v" + i);
        }
        end.accept(fixture);
        for (int i = 2; i < 7; i++) {
            assertThat(send(0, i, "v" + i)).isEqualTo(new Duplicate(i, i, NONE));
        }
        assertRejected(send(0, 8, "x"), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(0, 7, "v7")).isEqualTo(new Appended(7, 7, NONE));
    }

    private AppendOutcome send(int epoch, int sequence, String... values) {
        return fixture.append(Batches.idempotent(PRODUCER, epoch, sequence, values));
    }

    private static void assertRejected(AppendOutcome outcome, Errors error) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
