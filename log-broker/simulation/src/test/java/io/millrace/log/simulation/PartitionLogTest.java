package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.RecordRules;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.AppendOutcome.Appended;
import io.millrace.log.storage.AppendOutcome.Rejected;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.OpenSegments;
import io.millrace.log.storage.PartitionLog;
import io.millrace.log.storage.PendingSync;
import io.millrace.log.storage.ReadOutcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionLogTest {

    private final LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);

    @Test
    void appendsGetConsecutiveOffsets() {
        assertThat(fixture.append("a", "b")).isEqualTo(new Appended(0, 1, AppendOutcome.NO_TIMESTAMP));
        assertThat(fixture.append("c")).isEqualTo(new Appended(2, 2, AppendOutcome.NO_TIMESTAMP));
        assertThat(fixture.append(Batches.together(Batches.batch(1, "d", "e"), Batches.batch(2, "f"))))
                .isEqualTo(new Appended(3, 5, AppendOutcome.NO_TIMESTAMP));
        assertThat(fixture.readAll()).containsExactly("0=a", "1=b", "2=c", "3=d", "4=e", "5=f");
        assertThat(fixture.log.logEndOffset()).isEqualTo(6);
        assertThat(fixture.log.size()).isEqualTo(fixture.disk.usedBytes());
    }

    @Test
    void stampsLogAppendTimeAndTheChecksumStaysRight() {
        RecordRules rules = new RecordRules(1_000_000, TimestampType.LOG_APPEND_TIME, 0, 0, false);
        LogFixture stamped = new LogFixture(1, LogConfig.DEFAULTS.withRecords(rules));
        assertThat(stamped.append(Batches.batch(5, "a"))).isEqualTo(new Appended(0, 0, stamped.nowMillis));
        assertThat(stamped.readAll()).containsExactly("0=a");
        assertThat(stamped.log.maxTimestamp())
                .satisfies(found -> assertThat(found.timestamp()).isEqualTo(stamped.nowMillis));
    }

    @Test
    void readGivesWholeBatchesWithinItsLimits() {
        int bytes = Batches.batch(1, "a").remaining();
        for (String value : List.of("a", "b", "c", "d")) {
            fixture.append(value);
        }
        assertThat(read(0, 2 * bytes, 4, false)).containsExactly("0=a", "1=b");
        assertThat(read(0, 3 * bytes - 1, 4, false)).containsExactly("0=a", "1=b");
        assertThat(read(1, 10 * bytes, 3, false)).containsExactly("1=b", "2=c");
        assertThat(read(2, bytes - 1, 4, true)).containsExactly("2=c");
        assertThat(fixture.log.read(2, bytes - 1, 4, false)).isInstanceOf(ReadOutcome.Empty.class);
        assertThat(fixture.log.read(2, 0, 4, false)).isInstanceOf(ReadOutcome.Empty.class);
        assertThat(fixture.log.read(4, 100, 4, true)).isInstanceOf(ReadOutcome.Empty.class);
        assertThat(fixture.log.read(3, 100, 3, true)).isInstanceOf(ReadOutcome.Empty.class);
        assertThat(fixture.disk.openRegions()).isZero();
    }

    @Test
    void readInTheMiddleOfABatchGivesTheWholeBatch() {
        fixture.append("a", "b", "c");
        fixture.append("d");
        ReadOutcome.Records found = (ReadOutcome.Records) fixture.log.read(1, 1000, 4, true);
        assertThat(found.baseOffset()).isZero();
        assertThat(found.nextOffset()).isEqualTo(4);
        assertThat(LogFixture.decode(found)).containsExactly("0=a", "1=b", "2=c", "3=d");
        assertThat(fixture.log.read(1, 1000, 2, true)).isInstanceOf(ReadOutcome.Empty.class);
    }

    @Test
    void readOutsideOfTheLogIsOutOfRange() {
        fixture.append("a", "b");
        assertThat(fixture.log.read(3, 100, 10, true)).isEqualTo(new ReadOutcome.OutOfRange(0, 2));
        fixture.log.deleteRecordsBefore(1);
        assertThat(fixture.log.read(0, 100, 10, true)).isEqualTo(new ReadOutcome.OutOfRange(1, 2));
    }

    @Test
    void onlyASyncMakesRecordsDurable() {
        fixture.append("a", "b");
        PendingSync pending = fixture.log.pendingSync();
        assertThat(pending.belowOffset()).isEqualTo(2);
        assertThat(pending.files()).hasSize(1);
        fixture.append("c");
        assertThat(fixture.log.durableEndOffset()).isZero();
        pending.files().forEach(DiskFile::sync);
        fixture.log.synced(pending);
        assertThat(fixture.log.durableEndOffset()).isEqualTo(2);
        fixture.commit();
        assertThat(fixture.log.durableEndOffset()).isEqualTo(3);
        assertThat(fixture.log.pendingSync().isEmpty()).isTrue();
    }

    @Test
    void aRolledSegmentIsSyncedWithItsIndexesOnce() {
        LogFixture small = new LogFixture(1, LogFixture.segmentsOf(100));
        small.append("a");
        small.append("b");
        assertThat(small.log.pendingSyncOfRolledSegments().files())
                .extracting(DiskFile::path)
                .containsExactly(
                        small.file("00000000000000000000.log"),
                        small.file("00000000000000000000.index"),
                        small.file("00000000000000000000.timeindex"));
        assertThat(small.log.pendingSync().files())
                .extracting(DiskFile::path)
                .contains(small.file("00000000000000000001.log"));
        small.commit();
        assertThat(small.log.pendingSync().isEmpty()).isTrue();
        assertThat(small.readAll()).containsExactly("0=a", "1=b");
    }

    @Test
    void aSyncAskedForBeforeTheRollDoesNotCoverTheIndexes() {
        LogFixture small = new LogFixture(1, LogFixture.segmentsOf(100));
        small.append("a");
        PendingSync early = small.log.pendingSync();
        small.append("b");
        early.files().forEach(DiskFile::sync);
        small.log.synced(early);
        assertThat(small.log.durableEndOffset()).isEqualTo(1);
        assertThat(small.log.pendingSyncOfRolledSegments().files()).hasSize(3);
    }

    @Test
    void aFailedSyncEndsAppendsAndNotReads() {
        fixture.append("a");
        fixture.commit();
        fixture.append("b");
        fixture.disk.failSyncsAfter(0);
        fixture.commit();
        fixture.disk.clearFaults();
        assertThat(fixture.log.isFailed()).isTrue();
        assertThat(fixture.log.durableEndOffset()).isEqualTo(1);
        assertThat(fixture.append("c"))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
        fixture.commit();
        assertThat(fixture.log.durableEndOffset()).isEqualTo(1);
        assertThat(fixture.readAll()).contains("0=a");
    }

    @Test
    void aFailedWriteEndsAppendsAndLeavesNoPart() {
        fixture.append("a");
        fixture.disk.failWritesAfter(30);
        assertThat(fixture.append("b"))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
        fixture.disk.clearFaults();
        assertThat(fixture.append("c")).isInstanceOf(Rejected.class);
        assertThat(fixture.readAll()).containsExactly("0=a");
        fixture.restart();
        assertThat(fixture.readAll()).containsExactly("0=a");
        assertThat(fixture.append("d")).isInstanceOf(Appended.class);
    }

    @Test
    void aFullDiskRefusesAndLaterAppendsSucceed() {
        fixture.append("a");
        fixture.disk.limitCapacity(fixture.disk.usedBytes() + 20);
        assertThat(fixture.append("b"))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
        assertThat(fixture.log.isFailed()).isFalse();
        fixture.disk.clearFaults();
        assertThat(fixture.append("c")).isEqualTo(new Appended(1, 1, AppendOutcome.NO_TIMESTAMP));
        assertThat(fixture.readAll()).containsExactly("0=a", "1=c");
        fixture.crash();
        assertThat(fixture.readAll()).containsExactly("0=a", "1=c");
    }

    @Test
    void aSegmentIsRolledByAge() {
        fixture.config = LogFixture.segmentsOf(1_000_000);
        fixture.log.reconfigure(fixture.config);
        fixture.append("a");
        fixture.nowMillis += 3_600_000;
        fixture.append("b");
        fixture.nowMillis += 1;
        fixture.append("c");
        assertThat(fixture.disk.list(LogFixture.DIRECTORY))
                .contains("00000000000000000000.log", "00000000000000000002.log");
        assertThat(fixture.readAll()).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void onlySoManySegmentsStayOpen() {
        LogFixture small = new LogFixture(1, LogFixture.segmentsOf(100));
        for (int i = 0; i < 50; i++) {
            small.append("v" + i);
            small.commit();
        }
        assertThat(small.readAll()).hasSize(50);
        assertThat(small.log.offsetForTimestamp(0)).isNotNull();
        assertThat(small.log.maxTimestamp()).isNotNull();
        assertThat(small.disk.openFiles()).isLessThanOrEqualTo(3 * 9 + 1);
        small.restart();
        assertThat(small.disk.openFiles()).isLessThanOrEqualTo(2);
        assertThat(small.readAll()).hasSize(50);
    }

    @Test
    void logsOfOneLoopShareTheirOpenFiles() {
        SimDisk disk = new SimDisk(1);
        OpenSegments open = new OpenSegments(LogFixture.OPEN_MAX);
        List<PartitionLog> logs = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            logs.add(PartitionLog.open(disk, open, "orders-" + number, LogFixture.segmentsOf(100), 0));
        }
        for (int i = 0; i < 10; i++) {
            for (PartitionLog log : logs) {
                log.append(Batches.batch(0, "v" + i), 1, 0);
                PendingSync pending = log.pendingSync();
                pending.files().forEach(DiskFile::sync);
                log.synced(pending);
            }
        }
        assertThat(disk.openFiles()).isLessThanOrEqualTo(3 * LogFixture.OPEN_MAX + 2 * logs.size());
        for (PartitionLog log : logs) {
            assertThat(log.offsetForTimestamp(0)).isNotNull();
        }
        assertThat(disk.openFiles()).isLessThanOrEqualTo(3 * LogFixture.OPEN_MAX + 2 * logs.size());
        logs.forEach(PartitionLog::close);
        assertThat(disk.openFiles()).isZero();
    }

    @Test
    void closeLeavesNoFileOpen() {
        LogFixture small = new LogFixture(1, LogFixture.segmentsOf(100));
        for (String value : List.of("a", "b", "c")) {
            small.append(value);
        }
        assertThat(small.readAll()).hasSize(3);
        small.log.close();
        assertThat(small.disk.openFiles()).isZero();
    }

    private List<String> read(long offset, int maxBytes, long belowOffset, boolean atLeastOne) {
        ReadOutcome outcome = fixture.log.read(offset, maxBytes, belowOffset, atLeastOne);
        return LogFixture.decode((ReadOutcome.Records) outcome);
    }
}
