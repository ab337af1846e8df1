package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.storage.AbortedTransaction;
import io.millrace.log.storage.ActiveProducer;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.AppendOutcome.Appended;
import io.millrace.log.storage.AppendOutcome.Rejected;
import io.millrace.log.storage.LogConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionLogTest {

    private static final long A = 7;
    private static final long B = 8;
    private static final String FIRST = "00000000000000000000";
    private static final int DAY_MS = 86_400_000;

    private final LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);

    @Test
    void theLastStableOffsetIsTheStartOfTheFirstOpenTransaction() {
        fixture.append("x");
        fixture.send(A, 0, 0, "a");
        fixture.send(B, 0, 0, "b");
        fixture.append("y");
        fixture.commit();
        assertThat(fixture.stable()).isEqualTo(1);
        fixture.end(A, 0, true);
        fixture.commit();
        assertThat(fixture.stable()).isEqualTo(2);
        fixture.end(B, 0, false);
        fixture.commit();
        assertThat(fixture.stable()).isEqualTo(6);
    }

    @Test
    void anEndThatCouldYetBeLostMovesNothing() {
        fixture.send(A, 0, 0, "a");
        fixture.commit();
        fixture.end(A, 0, true);
        fixture.append("x");
        assertThat(fixture.stable()).isZero();
        assertThat(fixture.log.lastStableOffset(1)).isZero();
        fixture.commit();
        assertThat(fixture.stable()).isEqualTo(3);
    }

    @Test
    void readersOfCommittedTransactionsSeeNothingElse() {
        fixture.append("x");
        fixture.send(A, 0, 0, "a1");
        fixture.send(B, 0, 0, "b1");
        fixture.send(A, 0, 1, "a2", "a3");
        fixture.end(A, 0, false);
        fixture.send(A, 0, 3, "a4");
        fixture.end(B, 0, true);
        fixture.append("y");
        fixture.commit();
        assertThat(fixture.readCommitted(0)).containsExactly("0=x", "2=b1");
        fixture.end(A, 0, true);
        fixture.commit();
        assertThat(fixture.readCommitted(0)).containsExactly("0=x", "2=b1", "6=a4", "8=y");
        assertThat(fixture.readCommitted(4)).containsExactly("6=a4", "8=y");
        assertThat(fixture.readAll()).containsExactly("0=x", "1=a1", "2=b1", "3=a2", "4=a3", "6=a4", "8=y");
    }

    @Test
    void tellsTheAbortedTransactionsOfARange() {
        fixture.send(A, 0, 0, "a1");
        fixture.send(B, 0, 0, "b1");
        fixture.end(A, 0, false);
        fixture.end(B, 0, false);
        fixture.send(A, 0, 1, "a2");
        fixture.end(A, 0, false);
        AbortedTransaction a1 = new AbortedTransaction(A, 0, 2, 1);
        AbortedTransaction b1 = new AbortedTransaction(B, 1, 3, 4);
        AbortedTransaction a2 = new AbortedTransaction(A, 4, 5, 6);
        assertThat(fixture.log.abortedTransactions(0, 6)).containsExactly(a1, b1, a2);
        assertThat(fixture.log.abortedTransactions(0, 1)).containsExactly(a1);
        assertThat(fixture.log.abortedTransactions(3, 4)).containsExactly(b1);
        assertThat(fixture.log.abortedTransactions(4, 6)).containsExactly(a2);
        assertThat(fixture.log.abortedTransactions(6, 6)).isEmpty();
    }

    @Test
    void aBatchOutsideOfTheTransactionThatItsProducerHasOpenIsRefused() {
        fixture.send(A, 0, 0, "a");
        assertRejected(fixture.append(Batches.idempotent(A, 0, 1, "b")), Errors.INVALID_TXN_STATE);
        fixture.end(A, 0, true);
        assertThat(fixture.append(Batches.idempotent(A, 0, 1, "b"))).isInstanceOf(Appended.class);
    }

    @Test
    void aTransactionalBatchWithoutAProducerIsRefused() {
        ByteBuffer batch = Batches.transactional(A, 0, 0, "a");
        batch.putLong(BatchHeader.PRODUCER_ID_AT, -1);
        batch.putInt(BatchHeader.CRC_AT, BatchHeader.computeCrc(batch, 0, new CRC32C()));
        assertRejected(fixture.append(batch), Errors.INVALID_RECORD);
    }

    @Test
    void aControlBatchOfAClientIsRefused() {
        assertRejected(fixture.append(new TransactionMarker(A, (short) 0, true, 1, 1).batch(1)), Errors.INVALID_RECORD);
    }

    /** A21: a batch that comes after its transaction was aborted would begin one that nobody ends. */
    @Test
    void a21ABatchThatComesAfterTheEndOfItsTransactionIsFenced() {
        fixture.send(A, 4, 0, "a");
        fixture.end(new TransactionMarker(A, (short) 5, false, 9, 2));
        assertRejected(fixture.send(A, 4, 1, "late"), Errors.INVALID_PRODUCER_EPOCH);
        fixture.commit();
        assertThat(fixture.stable()).isEqualTo(2);
        assertThat(fixture.send(A, 5, 0, "b")).isInstanceOf(Appended.class);
        assertRejected(fixture.end(new TransactionMarker(A, (short) 5, false, 9, 2)), Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aProducerWithAnOpenTransactionIsNeverForgotten() {
        fixture.send(A, 0, 0, "a");
        fixture.nowMillis += 10 * DAY_MS;
        fixture.log.enforceRetention(fixture.nowMillis);
        assertThat(fixture.log.hasTransaction(A, (short) 0)).isTrue();
        fixture.end(A, 0, true);
        fixture.nowMillis += 2 * DAY_MS;
        fixture.log.enforceRetention(fixture.nowMillis);
        assertThat(fixture.log.producers()).isEmpty();
    }

    @Test
    void tellsWhoWritesAndWhatTheyHaveOpen() {
        fixture.send(A, 3, 5, "a", "b");
        fixture.nowMillis += 10;
        fixture.end(new TransactionMarker(B, (short) 2, true, 9, 1));
        assertThat(fixture.log.producers())
                .containsExactly(
                        new ActiveProducer(A, (short) 3, 6, fixture.nowMillis - 10, -1, 0),
                        new ActiveProducer(B, (short) 2, -1, fixture.nowMillis, 9, -1));
    }

    /** The layout of Kafka's AbortedTxn. */
    @Test
    void theTransactionIndexIsInKafkasFormat() {
        fixture.send(A, 0, 0, "a");
        fixture.send(B, 0, 0, "b");
        fixture.end(A, 0, false);
        fixture.end(B, 0, false);
        fixture.restart();
        ByteBuffer expected = ByteBuffer.allocate(68);
        expected.putShort((short) 0).putLong(A).putLong(0).putLong(2).putLong(1);
        expected.putShort((short) 0).putLong(B).putLong(1).putLong(3).putLong(4);
        assertThat(content(FIRST + ".txnindex")).isEqualTo(expected.flip());
    }

    @Test
    void aSegmentWithoutAbortedTransactionsHasNoTransactionIndex() {
        fixture.send(A, 0, 0, "a");
        fixture.end(A, 0, true);
        fixture.restart();
        assertThat(fixture.disk.list(LogFixture.DIRECTORY)).noneMatch(name -> name.endsWith(".txnindex"));
    }

    /** The layout of Kafka's producer snapshot, version 1. */
    @Test
    void theSnapshotOfProducersIsInKafkasFormat() {
        fixture.end(new TransactionMarker(B, (short) 2, true, 9, 1));
        fixture.nowMillis += 10;
        fixture.send(A, 3, 5, "a", "b");
        fixture.log.close();
        ByteBuffer snapshot = content("00000000000000000003.snapshot");
        assertThat(snapshot.getShort()).isEqualTo((short) 1);
        snapshot.getInt();
        assertThat(snapshot.getInt()).isEqualTo(2);
        ByteBuffer entries = ByteBuffer.allocate(2 * 46);
        entries.putLong(B).putShort((short) 2).putInt(-1).putLong(-1).putInt(0).putLong(fixture.nowMillis - 10);
        entries.putInt(9).putLong(-1);
        entries.putLong(A).putShort((short) 3).putInt(6).putLong(2).putInt(1).putLong(fixture.nowMillis);
        entries.putInt(-1).putLong(1);
        assertThat(snapshot.slice()).isEqualTo(entries.flip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart", "crash", "power"})
    void openAndEndedTransactionsAreKnownAfter(String end) {
        for (int segmentBytes : List.of(100, 250, 1000, 100_000)) {
            LogFixture some = new LogFixture(1, LogFixture.segmentsOf(segmentBytes));
            transactions(some);
            some.commit();
            List<String> committed = some.readCommitted(0);
            List<AbortedTransaction> aborted = some.log.abortedTransactions(0, some.log.logEndOffset());
            List<ActiveProducer> producers = some.log.producers();
            ending(end).accept(some);
            assertThat(some.stable())
                    .as("stable offset with segments of %d", segmentBytes)
                    .isEqualTo(25);
            assertThat(some.readCommitted(0)).isEqualTo(committed);
            assertThat(some.log.abortedTransactions(0, some.log.logEndOffset())).isEqualTo(aborted);
            assertThat(some.log.producers()).containsExactlyInAnyOrderElementsOf(producers);
            assertRejected(
                    some.end(new TransactionMarker(B, (short) 0, true, 0, 1)), Errors.TRANSACTION_COORDINATOR_FENCED);
            some.end(B, 0, true);
            some.commit();
            assertThat(some.stable()).isEqualTo(27);
        }
    }

    /** A31: whatever happens to a transaction index or a snapshot of producers, readers see what they saw before. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty", "short", "zeros", "ones", "longer", "another time", "flipped"})
    void a31DamagedTransactionFilesAreMadeAnew(String damage) {
        for (List<String> suffixes :
                List.of(List.of(".txnindex"), List.of(".snapshot"), List.of(".txnindex", ".snapshot"))) {
            for (int segmentBytes : List.of(250, 1000, 100_000)) {
                LogFixture some = new LogFixture(1, LogFixture.segmentsOf(segmentBytes));
                transactions(some);
                some.commit();
                List<String> committed = some.readCommitted(0);
                List<AbortedTransaction> aborted = some.log.abortedTransactions(0, some.log.logEndOffset());
                some.log.close();
                suffixes.forEach(suffix -> damageAll(some, suffix, damage));
                some.reopen();
                String what = "%s, %s, segments of %d".formatted(suffixes, damage, segmentBytes);
                assertThat(some.readCommitted(0)).as(what).isEqualTo(committed);
                for (long from = 0; from < 26; from++) {
                    long offset = from;
                    assertThat(some.readCommitted(from))
                            .as(what)
                            .isEqualTo(committed.stream()
                                    .filter(item -> Long.parseLong(item.split("=", 2)[0]) >= offset)
                                    .toList());
                }
                assertThat(some.log.abortedTransactions(0, some.log.logEndOffset()))
                        .as(what)
                        .isEqualTo(aborted);
                assertThat(some.log.hasTransaction(B, (short) 0)).as(what).isTrue();
                some.restart();
                assertThat(some.readCommitted(0)).as(what).isEqualTo(committed);
            }
        }
    }

    @Test
    void recordsThatWereDeletedHoldNothingBack() {
        fixture.send(A, 0, 0, "a");
        fixture.append("x", "y");
        fixture.commit();
        fixture.log.deleteRecordsBefore(2);
        assertThat(fixture.stable()).isEqualTo(2);
        assertThat(fixture.log.hasTransaction(A, (short) 0)).isTrue();
        fixture.end(A, 0, false);
        fixture.commit();
        assertThat(fixture.stable()).isEqualTo(4);
        assertThat(fixture.readCommitted(2)).containsExactly("2=y");
    }

    @Test
    void deletedSegmentsTakeTheirTransactionIndexAlong() {
        LogFixture small = new LogFixture(1, LogFixture.segmentsOf(100));
        transactions(small);
        small.commit();
        List<String> committed = small.readCommitted(0);
        small.log.deleteRecordsBefore(20);
        assertThat(small.disk.list(LogFixture.DIRECTORY))
                .filteredOn(name -> name.endsWith(".txnindex"))
                .allMatch(name -> Long.parseLong(name.substring(0, 20)) >= 19);
        small.crash();
        assertThat(small.readCommitted(20))
                .isEqualTo(committed.stream()
                        .filter(item -> Long.parseLong(item.split("=", 2)[0]) >= 20)
                        .toList());
    }

    @Test
    void aMarkerThatAPowerCutTakesLeavesTheTransactionOpen() {
        boolean lost = false;
        for (long seed = 0; seed < 20; seed++) {
            LogFixture some = new LogFixture(seed, LogConfig.DEFAULTS);
            some.send(A, 0, 0, "a");
            some.commit();
            some.end(A, 0, false);
            some.cutPower();
            boolean there = some.log.logEndOffset() == 2;
            lost |= !there;
            assertThat(some.log.hasTransaction(A, (short) 0)).isEqualTo(!there);
            assertThat(some.stable()).isEqualTo(there ? 2 : 0);
        }
        assertThat(lost).isTrue();
    }

    /** 26 offsets: eight transactions of A, every other one aborted, then one of B, which stays open. */
    private static void transactions(LogFixture some) {
        for (int i = 0; i < 8; i++) {
            some.send(A, 0, i, "a" + i);
            some.append("x" + i);
            some.end(A, 0, i % 2 == 0);
        }
        some.end(new TransactionMarker(B, (short) 0, true, 1, 1));
        some.send(B, 0, 0, "b");
        assertThat(some.log.logEndOffset()).isEqualTo(26);
    }

    private static Consumer<LogFixture> ending(String end) {
        return switch (end) {
            case "restart" -> LogFixture::restart;
            case "crash" -> LogFixture::crash;
            default -> LogFixture::cutPower;
        };
    }

    private static void damageAll(LogFixture some, String suffix, String damage) {
        List<String> names = some.disk.list(LogFixture.DIRECTORY).stream()
                .filter(name -> name.endsWith(suffix))
                .toList();
        assertThat(names).isNotEmpty();
        byte[] other = new byte[0];
        for (String name : names) {
            byte[] whole = content(some.disk, some.file(name)).array();
            switch (damage) {
                case "missing" -> some.disk.delete(some.file(name));
                case "empty" -> put(some, name, new byte[0]);
                case "short" -> put(some, name, Arrays.copyOf(whole, whole.length / 2));
                case "zeros" -> put(some, name, new byte[whole.length]);
                case "longer" -> put(some, name, Arrays.copyOf(whole, whole.length + 34));
                case "another time" -> put(some, name, other);
                case "flipped" -> some.disk.flipBit(some.file(name), whole.length - 1L, 3);
                default -> {
                    Arrays.fill(whole, (byte) -1);
                    put(some, name, whole);
                }
            }
            other = whole;
        }
    }

    private static void put(LogFixture some, String name, byte[] bytes) {
        try (DiskFile file = some.disk.open(some.file(name))) {
            file.truncate(0);
            file.append(ByteBuffer.wrap(bytes));
        }
    }

    private ByteBuffer content(String name) {
        return content(fixture.disk, fixture.file(name));
    }

    private static ByteBuffer content(SimDisk disk, String path) {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(into, 0);
            return into.flip();
        }
    }

    private static void assertRejected(AppendOutcome outcome, Errors error) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
