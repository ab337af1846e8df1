package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.AppendOutcome.Appended;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.Recovery;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The end of a log that is torn, gone, zeroed or changed: it opens at its last whole, correct batch. Damage in the
 * middle, with correct batches behind it, keeps it closed, and nothing is cut off.
 */
class TornTailTest {

    private static final int BATCHES = 5;
    private static final String FIRST = "00000000000000000000";
    private static final int LEADER_EPOCH_AT = 12;
    private static final int MAGIC_AT = 16;

    /** How the log was left before its file was changed. */
    enum Ending {
        /** Nothing was synced; the process was killed. */
        KILLED,
        /** All was synced, and acknowledged; the process was killed. */
        DURABLE,
        /** Closed in good order: nothing is scanned when it opens. */
        CLOSED;

        void leave(LogFixture fixture) {
            switch (this) {
                case KILLED -> fixture.disk.crash();
                case DURABLE -> {
                    fixture.commit();
                    fixture.disk.crash();
                }
                case CLOSED -> fixture.log.close();
            }
        }
    }

    /** What becomes of the bytes from a position on. */
    enum Damage {
        TORN,
        ZEROED,
        RANDOM;

        /** Gives the position of the first byte that is not what it was: where a zero stood, one stands still. */
        int apply(LogFixture fixture, byte[] whole, int from) {
            byte[] left = this == TORN ? Arrays.copyOf(whole, from) : whole.clone();
            for (int i = from; i < left.length; i++) {
                left[i] = (byte) (this == ZEROED ? 0 : left[i] ^ (0x5A + i));
            }
            put(fixture, FIRST, left);
            int first = Arrays.mismatch(whole, left);
            return first < 0 ? whole.length : first;
        }
    }

    static Stream<Arguments> endingsAndDamages() {
        return Arrays.stream(Ending.values())
                .flatMap(ending -> Arrays.stream(Damage.values()).map(damage -> Arguments.of(ending, damage)));
    }

    /** A log of five batches of two records, and where each of them ends. */
    private record Written(LogFixture fixture, List<Integer> ends) {

        static Written write() {
            LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++) {
                String value = "value-" + "x".repeat(20 * i) + i;
                fixture.append(value, value);
                ends.add((int) fixture.log.size());
            }
            return new Written(fixture, ends);
        }

        int end(int batch) {
            return batch < 0 ? 0 : ends.get(batch);
        }

        int wholeBelow(int position) {
            return (int) ends.stream().filter(end -> end <= position).count();
        }
    }

    @ParameterizedTest
    @MethodSource("endingsAndDamages")
    @DisplayName("A29: the log opens at its last whole batch, whichever byte of the last two its tail is torn at")
    void opensAtTheLastWholeBatchWhereverTheTailIsTorn(Ending ending, Damage damage) {
        Written sizes = Written.write();
        int whole = sizes.end(BATCHES - 1);
        for (int from = sizes.end(BATCHES - 3); from < whole; from++) {
            LogFixture fixture = Written.write().fixture();
            byte[] bytes = content(fixture, FIRST);
            ending.leave(fixture);
            int changed = damage.apply(fixture, bytes, from);

            fixture.reopen();

            int kept = sizes.wholeBelow(changed);
            assertThat(fixture.readAll()).as("%s from byte %d", damage, from).hasSize(2 * kept);
            Recovery recovery = fixture.log.recovery();
            assertThat(recovery.lostOffsets()).isEqualTo(ending == Ending.KILLED ? 0 : 2 * (BATCHES - kept));
            assertThat(recovery.truncatedBytes())
                    .isEqualTo((damage == Damage.TORN ? from : whole) - sizes.end(kept - 1));
            assertGoesOn(fixture, 2L * kept);
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    @DisplayName("A29: a bit that flips anywhere in the last batch costs that batch alone")
    void aFlippedBitInTheLastBatchCostsThatBatch(Ending ending) {
        Written sizes = Written.write();
        int start = sizes.end(BATCHES - 2);
        for (int position = start; position < sizes.end(BATCHES - 1); position++) {
            if (position >= start + LEADER_EPOCH_AT && position < start + MAGIC_AT) {
                continue; // Outside of the CRC: only the checkpoint of epochs could tell, and it does not cover the
                // bit.
            }
            LogFixture fixture = Written.write().fixture();
            ending.leave(fixture);
            fixture.disk.flipBit(fixture.file(FIRST + ".log"), position, position % 8);

            fixture.reopen();

            assertThat(fixture.readAll()).as("bit at %d", position).hasSize(2 * (BATCHES - 1));
            assertThat(fixture.log.recovery().reason()).contains(FIRST + ".log at position " + start);
            assertGoesOn(fixture, 2L * (BATCHES - 1));
        }
    }

    private static void assertGoesOn(LogFixture fixture, long offset) {
        assertThat(fixture.append("next")).isEqualTo(new Appended(offset, offset, AppendOutcome.NO_TIMESTAMP));
        fixture.commit();
        fixture.crash();
        assertThat(fixture.log.recovery().hasCut()).isFalse();
        assertThat(fixture.readAll()).hasSize((int) offset + 1);
        fixture.restart();
        assertThat(fixture.log.recovery().scannedBytes()).isZero();
    }

    @Test
    @DisplayName("A29: damage in the middle is told with file and position, and nothing is cut off")
    void damageInTheMiddleKeepsTheLogClosedAndWhole() {
        Written sizes = Written.write();
        for (int position = 0; position < sizes.end(BATCHES - 2); position++) {
            int batch = sizes.wholeBelow(position);
            int inBatch = position - sizes.end(batch - 1);
            if (inBatch >= LEADER_EPOCH_AT && inBatch < MAGIC_AT) {
                continue;
            }
            LogFixture fixture = Written.write().fixture();
            Ending.DURABLE.leave(fixture);
            fixture.disk.flipBit(fixture.file(FIRST + ".log"), position, position % 8);
            byte[] damaged = content(fixture, FIRST);

            assertThatThrownBy(fixture::reopen)
                    .as("bit at %d", position)
                    .isInstanceOf(DiskFailure.class)
                    .hasMessageContaining(FIRST + ".log is damaged at position " + sizes.end(batch - 1))
                    .hasMessageContaining("from offset " + 2 * batch + " on: delete " + LogFixture.DIRECTORY);
            assertThat(content(fixture, FIRST)).isEqualTo(damaged);
        }
    }

    @Test
    void whoGivesDamagedRecordsUpAsTheMessageSaysKeepsAllBeforeThem() {
        Written written = Written.write();
        LogFixture fixture = written.fixture();
        Ending.DURABLE.leave(fixture);
        fixture.disk.flipBit(fixture.file(FIRST + ".log"), written.end(1) + 70L, 3);
        assertThatThrownBy(fixture::reopen).hasMessageContaining("delete orders-0/durable-offsets, and restart");

        fixture.disk.delete(fixture.file("durable-offsets"));
        fixture.reopen();

        assertThat(fixture.readAll()).hasSize(4);
        assertGoesOn(fixture, 4);
    }

    @Test
    void damageBehindACleanEndIsGivenUpWithTheCheckpointToo() {
        Written written = Written.write();
        LogFixture fixture = written.fixture();
        Ending.CLOSED.leave(fixture);
        put(fixture, FIRST, without(content(fixture, FIRST), written.end(1), written.end(2)));
        assertThatThrownBy(fixture::reopen)
                .hasMessageContaining("delete orders-0/durable-offsets and orders-0/log-checkpoint, and restart");

        fixture.disk.delete(fixture.file("durable-offsets"));
        fixture.disk.delete(fixture.file("log-checkpoint"));
        fixture.reopen();

        assertThat(fixture.readAll()).hasSize(4);
        assertGoesOn(fixture, 4);
    }

    /** The flaw is the end of its file, but not of the log. */
    @Test
    void aTornSegmentWithAnotherBehindItKeepsTheLogClosed() {
        for (Damage damage : Damage.values()) {
            LogFixture fixture = segmented();
            fixture.disk.crash();
            byte[] bytes = content(fixture, FIRST);
            damage.apply(fixture, bytes, bytes.length - 10);

            assertThatThrownBy(fixture::reopen)
                    .isInstanceOf(DiskFailure.class)
                    .hasMessageContaining(".log is damaged at position ");
            assertThat(fixture.disk.list(LogFixture.DIRECTORY)).contains("00000000000000000002.log");
        }
    }

    @Test
    void aTornSegmentWithNothingWholeBehindItIsTheEnd() {
        LogFixture fixture = segmented();
        fixture.disk.crash();
        byte[] bytes = content(fixture, FIRST);
        Damage.TORN.apply(fixture, bytes, bytes.length - 10);
        put(fixture, "00000000000000000001", new byte[0]);
        put(fixture, "00000000000000000002", new byte[200]);

        fixture.reopen();

        assertThat(fixture.readAll()).isEmpty();
        assertThat(fixture.log.recovery().lostOffsets()).isEqualTo(3);
        assertGoesOn(fixture, 0);
    }

    /** Three durable segments of a batch each. */
    private static LogFixture segmented() {
        LogFixture fixture = new LogFixture(1, LogFixture.segmentsOf(70));
        fixture.append("a");
        fixture.append("b");
        fixture.append("c");
        fixture.commit();
        // Without it all segments are scanned.
        fixture.disk.delete(fixture.file("log-checkpoint"));
        return fixture;
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        byte[] left = new byte[bytes.length - (to - from)];
        System.arraycopy(bytes, 0, left, 0, from);
        System.arraycopy(bytes, to, left, from, bytes.length - to);
        return left;
    }

    private static void put(LogFixture fixture, String segment, byte[] bytes) {
        try (DiskFile file = fixture.disk.open(fixture.file(segment + ".log"))) {
            file.truncate(0);
            file.append(ByteBuffer.wrap(bytes));
        }
    }

    private static byte[] content(LogFixture fixture, String segment) {
        try (DiskFile file = fixture.disk.open(fixture.file(segment + ".log"))) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(into, 0);
            return into.array();
        }
    }
}
