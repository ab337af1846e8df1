package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.CleanupPolicy;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.PendingSync;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.storage.RetentionConfig;
import io.millrace.log.types.TimestampOffset;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * A log on a simulated disk against a plain list, under random operations and faults. A failure names its seed; {@code
 * -Dlog.model.seed=N} runs that seed alone, {@code -Dlog.model.seeds=N} runs so many.
 */
class LogModelTest {

    private static final int SEEDS = 100;
    private static final int STEPS = 150;
    private static final int PRODUCERS = 3;

    @Test
    void theLogEqualsTheModel() {
        Long only = Long.getLong("log.model.seed");
        long first = only == null ? 0 : only;
        long last = only == null ? Integer.getInteger("log.model.seeds", SEEDS) : only + 1;
        for (long seed = first; seed < last; seed++) {
            try {
                new Run(seed).steps();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {

        private final SplittableRandom random;
        private final LogFixture fixture;
        private final LogModel model = new LogModel();
        private final List<PendingSync> underWay = new ArrayList<>();
        private final Transactions transactions;
        private long durableEnd;
        private long stable;
        private int epoch = 1;
        private int written;

        Run(long seed) {
            random = new SplittableRandom(seed);
            LogConfig config = LogFixture.segmentsOf(random.nextInt(80, 4000));
            if (random.nextInt(3) == 0) {
                config = config.withRetention(new RetentionConfig(
                        random.nextInt(1000, 50_000), random.nextInt(500, 20_000), CleanupPolicy.DELETE));
            }
            fixture = new LogFixture(seed, config);
            transactions = new Transactions();
        }

        void steps() {
            for (int step = 0; step < STEPS; step++) {
                step(random.nextInt(100));
                check();
            }
            fixture.log.close();
            assertThat(fixture.disk.openFiles()).isZero();
            assertThat(fixture.disk.openRegions()).isZero();
        }

        private void step(int dice) {
            if (dice < 25) {
                append();
            } else if (dice < 35) {
                appendIdempotent();
            } else if (dice < 47) {
                transactions.append();
            } else if (dice < 55) {
                transactions.end();
            } else if (dice < 66) {
                sync();
            } else if (dice < 70) {
                repeat();
            } else if (dice < 74) {
                fixture.nowMillis += random.nextInt(10_000);
            } else if (dice < 77) {
                retain();
            } else if (dice < 79) {
                deleteRecords();
            } else if (dice < 82) {
                epoch++;
                fixture.log.beginLeaderEpoch(epoch);
            } else if (dice < 85) {
                fillDisk();
            } else if (dice < 87) {
                tearWrite();
            } else if (dice < 89) {
                failSync();
            } else if (dice < 92) {
                restart();
            } else if (dice < 95) {
                crash();
            } else {
                cutPower();
            }
        }

        private List<String> values() {
            List<String> values = new ArrayList<>();
            int count = random.nextInt(1, 5);
            for (int i = 0; i < count; i++) {
                values.add("v" + written++ + "x".repeat(random.nextInt(10) == 0 ? random.nextInt(1000) : 5));
            }
            return values;
        }

        private long timestamp() {
            return fixture.nowMillis + random.nextInt(-5000, 5000);
        }

        private static ByteBuffer batch(long timestamp, List<String> values, boolean compress) {
            String[] array = values.toArray(String[]::new);
            return compress
                    ? Batches.compressed(Compression.lz4().build(), timestamp, array)
                    : Batches.batch(timestamp, array);
        }

        private void append() {
            int batches = random.nextInt(4) == 0 ? random.nextInt(2, 4) : 1;
            ByteBuffer[] payload = new ByteBuffer[batches];
            List<Runnable> then = new ArrayList<>();
            for (int i = 0; i < batches; i++) {
                List<String> values = values();
                long timestamp = timestamp();
                payload[i] = batch(timestamp, values, random.nextInt(4) == 0);
                then.add(() -> model.append(values, timestamp, epoch));
            }
            long base = model.end();
            AppendOutcome outcome = fixture.log.append(Batches.together(payload), epoch, fixture.nowMillis);
            if (fixture.log.isFailed()) {
                assertRejected(outcome, Errors.KAFKA_STORAGE_ERROR);
                return;
            }
            then.forEach(Runnable::run);
            assertThat(outcome).isEqualTo(new AppendOutcome.Appended(base, model.end() - 1, -1));
        }

        private void appendIdempotent() {
            long producerId = random.nextInt(PRODUCERS);
            LogModel.Sent last = model.last(producerId);
            List<String> values = values();
            int producerEpoch = last == null ? 0 : last.epoch();
            int sequence = last == null ? 0 : last.sequence() + last.values().size();
            if (last != null && random.nextInt(10) == 0) {
                producerEpoch++;
                sequence = 0;
            }
            AppendOutcome outcome = send(producerId, producerEpoch, sequence, values);
            if (fixture.log.isFailed()) {
                assertRejected(outcome, Errors.KAFKA_STORAGE_ERROR);
                return;
            }
            assertThat(outcome).isEqualTo(new AppendOutcome.Appended(model.end(), model.end() + values.size() - 1, -1));
            model.sent(new LogModel.Sent(producerId, producerEpoch, sequence, values, model.end()));
            model.append(values, 1, epoch);
        }

        private AppendOutcome send(long producerId, int producerEpoch, int sequence, List<String> values) {
            return fixture.log.append(
                    Batches.idempotent(producerId, producerEpoch, sequence, values.toArray(String[]::new)),
                    epoch,
                    fixture.nowMillis);
        }

        /** Two producers that send everything in transactions, of version 2 or before. */
        private final class Transactions {

            /** What the log knows of a producer from an offset on. */
            private record State(int epoch, int nextSequence) {}

            private final int version = random.nextInt(1, 3);
            private final Map<Long, NavigableMap<Long, State>> states = new TreeMap<>();

            private NavigableMap<Long, State> of(long producerId) {
                return states.computeIfAbsent(producerId, ignored -> new TreeMap<>(Map.of(-1L, new State(0, 0))));
            }

            void append() {
                long producerId = (long) PRODUCERS + random.nextInt(2);
                State state = of(producerId).lastEntry().getValue();
                List<String> values = values();
                AppendOutcome outcome = fixture.log.append(
                        Batches.transactional(
                                producerId, state.epoch(), state.nextSequence(), values.toArray(String[]::new)),
                        epoch,
                        fixture.nowMillis);
                if (fixture.log.isFailed()) {
                    assertRejected(outcome, Errors.KAFKA_STORAGE_ERROR);
                    return;
                }
                long base = model.end();
                if (outcome instanceof AppendOutcome.Rejected && !model.hasRecords(producerId)) {
                    // Of the producer only a marker is left, and that names no sequence number.
                    assertRejected(outcome, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
                    of(producerId).put(base - 1, new State(state.epoch() + 1, 0));
                    return;
                }
                assertThat(outcome).isEqualTo(new AppendOutcome.Appended(base, base + values.size() - 1, -1));
                model.appendTransactional(producerId, values, 1, epoch);
                of(producerId).put(base, new State(state.epoch(), state.nextSequence() + values.size()));
            }

            void end() {
                long producerId = (long) PRODUCERS + random.nextInt(2);
                State state = of(producerId).lastEntry().getValue();
                boolean bumps = version == TransactionMarker.VERSION_WITH_EPOCH_BUMP;
                TransactionMarker marker = new TransactionMarker(
                        producerId,
                        (short) (bumps ? state.epoch() + 1 : state.epoch()),
                        random.nextBoolean(),
                        3,
                        version);
                AppendOutcome outcome = fixture.log.endTransaction(marker, epoch, fixture.nowMillis);
                if (fixture.log.isFailed()) {
                    assertRejected(outcome, Errors.KAFKA_STORAGE_ERROR);
                    return;
                }
                long offset = model.end();
                assertThat(outcome).isEqualTo(new AppendOutcome.Appended(offset, offset, -1));
                model.endTransaction(producerId, marker.committed(), fixture.nowMillis, epoch);
                of(producerId).put(offset, bumps ? new State(state.epoch() + 1, 0) : state);
                if (bumps) {
                    assertThat(fixture.log.endTransaction(marker, epoch, fixture.nowMillis))
                            .isEqualTo(new AppendOutcome.Duplicate(offset, offset, -1));
                }
            }

            void truncate(long end) {
                states.values().forEach(state -> state.tailMap(end, true).clear());
            }

            /** Anomalies A8 and A18: what is stable stays so, and nothing that was aborted is shown. */
            void check() {
                assertThat(fixture.stable())
                        .isBetween(model.stable(durableEnd), model.stableByRecords(durableEnd))
                        .isGreaterThanOrEqualTo(stable);
                stable = fixture.stable();
                assertThat(fixture.readCommitted(model.start()))
                        .isEqualTo(model.committedEntries(stable).stream()
                                .map(LogModel.Entry::toString)
                                .toList());
                states.forEach((producerId, known) -> {
                    State state = known.lastEntry().getValue();
                    if (model.hasOpenRecords(producerId)) {
                        assertThat(fixture.log.hasTransaction(producerId, (short) state.epoch()))
                                .isTrue();
                    } else if (model.openTransaction(producerId) == null) {
                        assertThat(fixture.log.hasTransaction(producerId, (short) state.epoch()))
                                .isFalse();
                    }
                });
            }
        }

        /** A producer sends again what it has in flight, or leaves out a batch. */
        private void repeat() {
            if (fixture.log.isFailed()) {
                return;
            }
            long producerId = random.nextInt(PRODUCERS);
            for (LogModel.Sent batch : model.remembered(producerId)) {
                assertThat(send(producerId, batch.epoch(), batch.sequence(), batch.values()))
                        .isEqualTo(new AppendOutcome.Duplicate(batch.baseOffset(), batch.lastOffset(), -1));
            }
            LogModel.Sent last = model.last(producerId);
            if (last != null && last.baseOffset() >= model.start()) {
                int next = last.sequence() + last.values().size();
                assertRejected(
                        send(producerId, last.epoch(), next + 1, List.of("gap")), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
        }

        private void sync() {
            if (underWay.isEmpty()) {
                underWay.add(
                        random.nextInt(4) == 0 ? fixture.log.pendingSyncOfRolledSegments() : fixture.log.pendingSync());
            } else {
                complete(underWay.removeFirst());
            }
        }

        private void complete(PendingSync pending) {
            pending.files().forEach(DiskFile::sync);
            boolean failed = fixture.log.isFailed();
            fixture.log.synced(pending);
            if (!failed) {
                durableEnd = Math.max(durableEnd, pending.belowOffset());
            }
        }

        private void retain() {
            fixture.log.enforceRetention(fixture.nowMillis);
            durableEnd = Math.max(durableEnd, fixture.log.durableEndOffset());
            assertThat(fixture.log.logStartOffset()).isBetween(model.start(), Math.max(model.start(), durableEnd));
            model.deleteBefore(fixture.log.logStartOffset());
        }

        private void deleteRecords() {
            long offset = model.start() + random.nextLong(Math.max(durableEnd, model.start()) - model.start() + 1);
            fixture.log.deleteRecordsBefore(offset);
            model.deleteBefore(offset);
        }

        private void fillDisk() {
            if (fixture.log.isFailed()) {
                return;
            }
            fixture.disk.limitCapacity(fixture.disk.usedBytes() + random.nextInt(60));
            for (int i = 0; i < 3; i++) {
                assertRejected(fixture.append("does not fit"), Errors.KAFKA_STORAGE_ERROR);
            }
            fixture.disk.clearFaults();
            assertThat(fixture.log.isFailed()).isFalse();
        }

        private void tearWrite() {
            fixture.disk.failWritesAfter(random.nextInt(60));
            assertRejected(fixture.append("torn"), Errors.KAFKA_STORAGE_ERROR);
            fixture.disk.clearFaults();
            assertThat(fixture.log.isFailed()).isTrue();
        }

        private void failSync() {
            underWay.forEach(this::complete);
            underWay.clear();
            PendingSync pending = fixture.log.pendingSync();
            if (!pending.isEmpty()) {
                fixture.disk.failSyncsAfter(0);
                try {
                    pending.files().forEach(DiskFile::sync);
                } catch (DiskFailure e) {
                    fixture.log.syncFailed(e);
                }
                fixture.disk.clearFaults();
            }
        }

        private void restart() {
            underWay.forEach(this::complete);
            underWay.clear();
            boolean failed = fixture.log.isFailed();
            fixture.restart();
            assertThat(fixture.log.logEndOffset()).isEqualTo(model.end());
            if (!failed) {
                assertThat(fixture.log.recovery().scannedBytes()).isZero();
            }
            durableEnd = model.end();
        }

        private void crash() {
            underWay.clear();
            fixture.crash();
            assertThat(fixture.log.logEndOffset()).isEqualTo(model.end());
            durableEnd = model.end();
        }

        private void cutPower() {
            underWay.clear();
            fixture.cutPower();
            long end = fixture.log.logEndOffset();
            assertThat(end).isBetween(Math.max(durableEnd, model.start()), model.end());
            assertThat(model.isBoundary(end) || end == model.start()).isTrue();
            model.truncate(end);
            transactions.truncate(end);
            durableEnd = end;
        }

        private void check() {
            assertThat(fixture.log.logStartOffset()).isEqualTo(model.start());
            assertThat(fixture.log.logEndOffset()).isEqualTo(model.end());
            assertThat(fixture.log.durableEndOffset()).isEqualTo(durableEnd);
            List<LogModel.Entry> entries = model.entries();
            assertThat(fixture.readAll())
                    .isEqualTo(entries.stream().map(LogModel.Entry::toString).toList());
            transactions.check();
            if (!entries.isEmpty()) {
                checkRead(entries);
            }
            List<LogModel.Entry> all = new ArrayList<>(entries);
            all.addAll(model.markers());
            all.sort(Comparator.comparingLong(LogModel.Entry::offset));
            if (!all.isEmpty()) {
                checkTime(all);
                checkEpochs(all);
            }
        }

        private void checkRead(List<LogModel.Entry> entries) {
            long offset = entries.get(random.nextInt(entries.size())).offset();
            int maxBytes = random.nextInt(3000);
            long below = offset + random.nextInt(10);
            ReadOutcome outcome = fixture.log.read(offset, maxBytes, below, random.nextBoolean());
            if (outcome instanceof ReadOutcome.Records records) {
                assertThat(records.baseOffset()).isLessThanOrEqualTo(offset);
                assertThat(records.nextOffset()).isLessThanOrEqualTo(below).isGreaterThan(offset);
                List<String> found = LogFixture.decode(records);
                assertThat(found)
                        .containsExactlyElementsOf(model.allEntries().stream()
                                .filter(entry -> entry.offset() >= records.baseOffset())
                                .filter(entry -> entry.offset() < records.nextOffset())
                                .map(LogModel.Entry::toString)
                                .toList());
                assertThat(model.isBoundary(records.baseOffset())).isTrue();
                assertThat(model.isBoundary(records.nextOffset())).isTrue();
            } else {
                assertThat(outcome).isInstanceOf(ReadOutcome.Empty.class);
            }
        }

        private void checkTime(List<LogModel.Entry> entries) {
            long timestamp = timestamp() - random.nextInt(20_000);
            TimestampOffset expected = null;
            TimestampOffset latest = null;
            for (LogModel.Entry entry : entries) {
                TimestampOffset at = new TimestampOffset(entry.timestamp(), entry.offset(), entry.epoch());
                if (expected == null && entry.timestamp() >= timestamp) {
                    expected = at;
                }
                if (latest == null || entry.timestamp() > latest.timestamp()) {
                    latest = at;
                }
            }
            assertThat(fixture.log.offsetForTimestamp(timestamp)).isEqualTo(expected);
            assertThat(fixture.log.maxTimestamp()).isEqualTo(latest);
        }

        private void checkEpochs(List<LogModel.Entry> entries) {
            int some = entries.get(random.nextInt(entries.size())).epoch();
            long end = entries.stream()
                    .filter(entry -> entry.epoch() == some)
                    .mapToLong(LogModel.Entry::offset)
                    .max()
                    .orElseThrow();
            assertThat(fixture.log.endOffsetForEpoch(some).epoch()).isEqualTo(some);
            assertThat(fixture.log.endOffsetForEpoch(some).endOffset()).isEqualTo(end + 1);
        }

        private static void assertRejected(AppendOutcome outcome, Errors error) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            AppendOutcome.Rejected.class,
                            rejected -> assertThat(rejected.error()).isEqualTo(error));
        }
    }
}
