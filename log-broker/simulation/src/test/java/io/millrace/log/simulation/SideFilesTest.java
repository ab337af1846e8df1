package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.disk.DiskFile;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.types.TimestampOffset;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands beside the records is built anew whenever it is not what it should be. */
class SideFilesTest {

    private static final int BATCHES = 60;
    private static final int EARLIER = 23;
    private static final long PRODUCER = 4_711;

    /** What has become of a file. */
    enum Damage {
        MISSING,
        EMPTY,
        SHORT,
        LONGER,
        ZEROS,
        ONES,
        FLIPPED,
        RANDOM,
        /** As it was when the log was shorter, or that of another segment. */
        OF_ANOTHER_TIME;

        private void apply(LogFixture log, LogFixture earlier, String name) {
            String path = log.file(name);
            if (this == MISSING) {
                log.disk.delete(path);
                return;
            }
            byte[] bytes = content(log, name);
            byte[] left = switch (this) {
                case EMPTY -> new byte[0];
                case SHORT -> Arrays.copyOf(bytes, bytes.length / 2);
                case LONGER -> Arrays.copyOf(bytes, bytes.length + 3);
                case ZEROS -> new byte[bytes.length];
                case ONES -> filled(bytes.length);
                case FLIPPED -> flipped(bytes);
                case RANDOM -> random(bytes.length);
                default -> ofAnotherTime(log, earlier, name);
            };
            try (DiskFile file = log.disk.open(path)) {
                file.truncate(0);
                file.append(ByteBuffer.wrap(left));
            }
        }

        private static byte[] filled(int length) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) -1);
            return bytes;
        }

        private static byte[] flipped(byte[] bytes) {
            byte[] left = bytes.clone();
            for (int i = 0; i < left.length; i += 7) {
                left[i] ^= (byte) (1 << (i % 8));
            }
            return left;
        }

        private static byte[] random(int length) {
            byte[] bytes = new byte[length];
            new SplittableRandom(length).nextBytes(bytes);
            return bytes;
        }

        private static byte[] ofAnotherTime(LogFixture log, LogFixture earlier, String name) {
            if (earlier.disk.exists(earlier.file(name))) {
                return content(earlier, name);
            }
            String suffix = name.substring(name.lastIndexOf('.'));
            return content(log, "00000000000000000000" + suffix);
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    @DisplayName("A31: offset indexes are built anew, and reads find what they found before")
    void offsetIndexes(Damage damage) {
        check(damage, ".index", false);
        check(damage, ".index", true);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    @DisplayName("A31: time indexes are built anew, and look-ups find what they found before")
    void timeIndexes(Damage damage) {
        check(damage, ".timeindex", false);
        check(damage, ".timeindex", true);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    @DisplayName("A31: the checkpoint of leader epochs is built anew from the records")
    void leaderEpochs(Damage damage) {
        check(damage, "leader-epoch-checkpoint", false);
        check(damage, "leader-epoch-checkpoint", true);
    }

    @ParameterizedTest
    @EnumSource(value = Damage.class, names = "OF_ANOTHER_TIME", mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("A31: snapshots of producers are built anew, and what was sent is known as sent")
    void snapshots(Damage damage) {
        check(damage, ".snapshot", false);
        check(damage, ".snapshot", true);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    @DisplayName("A31: the record of durable offsets is not needed")
    void durableOffsets(Damage damage) {
        check(damage, "durable-offsets", false);
        check(damage, "durable-offsets", true);
    }

    private static void check(Damage damage, String suffix, boolean killed) {
        LogFixture log = grown(BATCHES);
        List<String> before = log.readAll();
        leave(log, killed);
        LogFixture earlier = grown(EARLIER);
        leave(earlier, killed);
        log.disk.list(LogFixture.DIRECTORY).stream()
                .filter(name -> name.endsWith(suffix))
                .forEach(name -> damage.apply(log, earlier, name));

        log.reopen();

        String what = damage + " " + suffix + (killed ? ", killed" : ", closed");
        assertThat(log.readAll()).as(what).isEqualTo(before);
        for (int i = 0; i < BATCHES; i++) {
            assertThat(log.readFrom(i)).as(what).isEqualTo(before.subList(i, BATCHES));
            assertThat(log.log.offsetForTimestamp(time(i)))
                    .as("%s, time of %d", what, i)
                    .isEqualTo(new TimestampOffset(time(i), i, epoch(i)));
            assertThat(log.log.leaderEpochAt(i)).as(what).isEqualTo(epoch(i));
        }
        assertThat(log.log.maxTimestamp())
                .isEqualTo(new TimestampOffset(time(BATCHES - 1), BATCHES - 1, epoch(BATCHES - 1)));
        assertThat(log.log.endOffsetForEpoch(1).endOffset()).as(what).isEqualTo(20);
        assertThat(log.log.recovery().hasCut()).as(what).isFalse();
        IntStream.range(BATCHES - 5, BATCHES)
                .forEach(i -> assertThat(log.append(batch(i)))
                        .as("%s, again %d", what, i)
                        .isEqualTo(new AppendOutcome.Duplicate(i, i, AppendOutcome.NO_TIMESTAMP)));
        assertThat(log.append(batch(BATCHES))).isInstanceOf(AppendOutcome.Appended.class);
    }

    private static void leave(LogFixture log, boolean killed) {
        if (killed) {
            log.disk.crash();
        } else {
            log.log.close();
        }
    }

    /** Durable batches of an idempotent producer, ten milliseconds apart, in several segments and leader epochs. */
    private static LogFixture grown(int batches) {
        LogFixture log = new LogFixture(1, LogFixture.segmentsOf(1000));
        for (int i = 0; i < batches; i++) {
            log.log.append(batch(i), epoch(i), log.nowMillis);
            log.commit();
        }
        return log;
    }

    private static ByteBuffer batch(int number) {
        return Batches.idempotentAt(time(number), PRODUCER, 0, number, "value " + number);
    }

    private static long time(int number) {
        return 1000 + 10L * number;
    }

    private static int epoch(int number) {
        return 1 + number / 20;
    }

    private static byte[] content(LogFixture log, String name) {
        try (DiskFile file = log.disk.open(log.file(name))) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(into, 0);
            return into.array();
        }
    }
}
