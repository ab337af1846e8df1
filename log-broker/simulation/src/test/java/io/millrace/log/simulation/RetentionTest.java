package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.AppendOutcome.Appended;
import io.millrace.log.storage.CleanupPolicy;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.storage.RetentionConfig;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final long HOUR = 3_600_000;

    @Test
    void deletesSegmentsWhoseRecordsAreTooOld() {
        LogFixture fixture = fixture(new RetentionConfig(HOUR, RetentionConfig.UNLIMITED, CleanupPolicy.DELETE));
        append(fixture, 4);
        fixture.commit();
        fixture.nowMillis += HOUR;
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isZero();
        fixture.nowMillis += 2;
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isEqualTo(2);
        assertThat(fixture.log.logStartOffset()).isEqualTo(2);
        assertThat(fixture.readAll()).containsExactly("2=v2", "3=v3");
        assertThat(fixture.disk.list(LogFixture.DIRECTORY))
                .filteredOn(name -> name.startsWith("00000000000000000000") || name.startsWith("00000000000000000001"))
                .isEmpty();
    }

    @Test
    void anExpiredActiveSegmentGoesToo() {
        LogFixture fixture = fixture(new RetentionConfig(HOUR, RetentionConfig.UNLIMITED, CleanupPolicy.DELETE));
        append(fixture, 3);
        fixture.commit();
        fixture.nowMillis += 2 * HOUR;
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isEqualTo(3);
        assertThat(fixture.log.logStartOffset()).isEqualTo(3);
        assertThat(fixture.log.size()).isZero();
        assertThat(fixture.append("next")).isEqualTo(new Appended(3, 3, AppendOutcome.NO_TIMESTAMP));
        fixture.crash();
        assertThat(fixture.readAll()).containsExactly("3=next");
    }

    @Test
    void segmentsThatAreNotDurableStay() {
        LogFixture fixture = fixture(new RetentionConfig(HOUR, 0, CleanupPolicy.DELETE));
        append(fixture, 3);
        fixture.nowMillis += 2 * HOUR;
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isZero();
        fixture.commit();
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isEqualTo(3);
    }

    @Test
    void deletesTheOldestSegmentsOfALogThatIsTooLarge() {
        LogFixture fixture = fixture(new RetentionConfig(RetentionConfig.UNLIMITED, 200, CleanupPolicy.DELETE));
        append(fixture, 10);
        fixture.commit();
        long segment = fixture.log.size() / 10;
        fixture.log.enforceRetention(fixture.nowMillis);
        assertThat(fixture.log.size()).isBetween(200L, 200 + segment - 1);
        assertThat(fixture.readAll())
                .hasSize((int) (fixture.log.size() / segment))
                .endsWith("9=v9");
    }

    @Test
    void aCompactedLogKeepsOldRecords() {
        LogFixture fixture = new LogFixture(
                1, LogFixture.segmentsOf(70).withRetention(new RetentionConfig(HOUR, 0, CleanupPolicy.COMPACT)));
        for (int i = 0; i < 3; i++) {
            fixture.append(Batches.timed(org.apache.kafka.common.compress.Compression.NONE, 1));
        }
        fixture.commit();
        fixture.nowMillis += 1000 * HOUR;
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isZero();
        assertThat(fixture.readAll()).hasSize(3);
    }

    @Test
    void deletedRecordsStayDeletedAfterAPowerCut() {
        for (long seed = 0; seed < 30; seed++) {
            LogFixture fixture = new LogFixture(seed, LogFixture.segmentsOf(150));
            append(fixture, 10);
            fixture.commit();
            fixture.log.deleteRecordsBefore(5);
            assertThat(fixture.readAll()).hasSize(5);
            fixture.cutPower();
            assertThat(fixture.log.logStartOffset()).isEqualTo(5);
            assertThat(fixture.log.read(4, 100, 10, true)).isEqualTo(new ReadOutcome.OutOfRange(5, 10));
            assertThat(fixture.readAll()).containsExactly("5=v5", "6=v6", "7=v7", "8=v8", "9=v9");
        }
    }

    @Test
    void offsetsAreNotUsedAgainWhenDeletedRecordsWereLost() {
        for (long seed = 0; seed < 30; seed++) {
            LogFixture fixture = new LogFixture(seed, LogConfig.DEFAULTS);
            append(fixture, 10);
            fixture.log.deleteRecordsBefore(10);
            fixture.cutPower();
            assertThat(fixture.log.logStartOffset()).isEqualTo(10);
            assertThat(fixture.append("next")).isEqualTo(new Appended(10, 10, AppendOutcome.NO_TIMESTAMP));
        }
    }

    @Test
    void deletingBeyondTheEndIsABug() {
        LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);
        assertThatThrownBy(() -> fixture.log.deleteRecordsBefore(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFullDiskIsFreedByRetention() {
        LogFixture fixture = fixture(new RetentionConfig(RetentionConfig.UNLIMITED, 100, CleanupPolicy.DELETE));
        append(fixture, 10);
        fixture.commit();
        fixture.disk.limitCapacity(fixture.disk.usedBytes());
        assertThat(fixture.append("x")).isInstanceOf(AppendOutcome.Rejected.class);
        assertThat(fixture.log.enforceRetention(fixture.nowMillis)).isPositive();
        assertThat(fixture.append("x")).isInstanceOf(Appended.class);
    }

    /** One batch for each segment. */
    private static LogFixture fixture(RetentionConfig retention) {
        return new LogFixture(1, LogFixture.segmentsOf(70).withRetention(retention));
    }

    private static void append(LogFixture fixture, int count) {
        for (int i = 0; i < count; i++) {
            fixture.append(Batches.batch(fixture.nowMillis + i, "v" + i));
        }
    }
}
