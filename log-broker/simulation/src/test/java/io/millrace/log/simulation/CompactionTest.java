package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.CleanupPolicy;
import io.millrace.log.storage.CompactionConfig;
import io.millrace.log.storage.RetentionConfig;
import io.millrace.log.types.TimestampOffset;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class CompactionTest {

    /** One batch of one record for each segment. */
    private static final int SMALL = 75;

    private static final int LARGE = 100_000;

    private static KeyedLog eager(int segmentBytes) {
        return new KeyedLog(1, segmentBytes, KeyedLog.EAGER);
    }

    /** As {@link KeyedLog#EAGER}, with one value changed. */
    private static CompactionConfig config(long lagMin, long lagMax, double ratio) {
        return new CompactionConfig(lagMin, lagMax, ratio, KeyedLog.TOMBSTONE_MS, 1000);
    }

    @Test
    void keepsTheLatestRecordOfEachKeyAtItsOffset() {
        KeyedLog keyed = eager(SMALL);
        keyed.write("a=1", "b=1", "a=2", "c=1", "b=2", "end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("2:a=2", "3:c=1", "4:b=2", "5:end=1");
        assertThat(keyed.log.logStartOffset()).isZero();
        assertThat(keyed.log.logEndOffset()).isEqualTo(6);
    }

    @Test
    void theActiveSegmentIsNeverTouched() {
        KeyedLog keyed = eager(LARGE);
        keyed.write("a=1", "a=2");
        assertThat(keyed.log.dirtyRatio(keyed.nowMillis)).isZero();
        assertThat(keyed.compact()).isZero();
        assertThat(keyed.readAll()).containsExactly("0:a=1", "1:a=2");
    }

    @Test
    void segmentsThatAreNotDurableAreNotTouched() {
        KeyedLog keyed = eager(SMALL);
        keyed.append("a=1");
        keyed.append("a=2");
        keyed.append("a=3");
        assertThat(keyed.compact()).isZero();
        keyed.commit();
        assertThat(keyed.compact()).isPositive();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:a=3");
    }

    @Test
    void batchesKeepBaseAndLastOffset() {
        KeyedLog keyed = eager(SMALL);
        keyed.append("a=1", "b=1", "c=1");
        keyed.write("a=2", "c=2", "end=1");
        keyed.compact();
        ByteBuffer first = keyed.batchesFrom(0).getFirst();
        assertThat(BatchHeader.baseOffset(first, 0)).isZero();
        assertThat(BatchHeader.lastOffset(first, 0)).isEqualTo(2);
        assertThat(BatchHeader.recordCount(first, 0)).isEqualTo(1);
        assertThat(keyed.readAll()).containsExactly("1:b=1", "3:a=2", "4:c=2", "5:end=1");
    }

    @Test
    void aFetchBelowARemovedOffsetGetsTheNextBatch() {
        KeyedLog keyed = eager(SMALL);
        keyed.write("a=1", "a=2", "a=3", "b=1", "end=1");
        keyed.compact();
        assertThat(keyed.readFrom(0)).containsExactly("2:a=3", "3:b=1", "4:end=1");
        assertThat(keyed.readFrom(1)).containsExactly("2:a=3", "3:b=1", "4:end=1");
        assertThat(keyed.log.offsetForTimestamp(0)).isEqualTo(new TimestampOffset(keyed.nowMillis, 2, 1));
    }

    @Test
    void compressedBatchesStayCompressed() {
        KeyedLog keyed = eager(SMALL);
        Compression lz4 = Compression.lz4().build();
        keyed.append(keyed.batch(lz4, -1, -1, "a=1", "b=1"));
        keyed.append(keyed.batch(lz4, -1, -1, "c=1"));
        keyed.write("a=2", "end=1");
        ByteBuffer untouched = keyed.batchesFrom(2).getFirst();
        keyed.compact();
        List<ByteBuffer> batches = keyed.batchesFrom(0);
        assertThat(BatchHeader.codec(batches.getFirst(), 0)).isEqualTo(3);
        assertThat(batches.get(1)).isEqualTo(untouched);
        assertThat(keyed.readAll()).containsExactly("1:b=1", "2:c=1", "3:a=2", "4:end=1");
    }

    @Test
    void tombstonesStayUntilDeleteRetentionHasPassedSinceTheyWereFirstCleaned() {
        KeyedLog keyed = eager(SMALL);
        keyed.write("a=1", "a", "b=1", "end=1");
        keyed.nowMillis += 10 * KeyedLog.TOMBSTONE_MS;
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:a", "2:b=1", "3:end=1");
        keyed.nowMillis += KeyedLog.TOMBSTONE_MS - 1;
        keyed.write("end=2");
        keyed.compact();
        assertThat(keyed.readAll()).contains("1:a");
        keyed.nowMillis += 1;
        keyed.write("end=3");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("2:b=1", "4:end=2", "5:end=3");
    }

    @Test
    void recordsYoungerThanTheLagAreNotCleaned() {
        KeyedLog keyed = new KeyedLog(1, SMALL, config(1000, Long.MAX_VALUE, 0));
        keyed.write("a=1", "a=2", "end=1");
        assertThat(keyed.compact()).isZero();
        keyed.nowMillis += 1000;
        keyed.write("a=3", "end=2");
        assertThat(keyed.compact()).isPositive();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:end=1", "3:a=3", "4:end=2");
    }

    @Test
    void aLogIsDueWhenItsDirtyShareExceedsTheRatio() {
        KeyedLog keyed = new KeyedLog(1, SMALL, config(0, Long.MAX_VALUE, 0.5));
        keyed.write("a=1", "b=1", "c=1", "d=1", "end=1");
        assertThat(keyed.log.dirtyRatio(keyed.nowMillis)).isEqualTo(1);
        keyed.compact();
        keyed.write("a=2", "b=2", "end=2");
        assertThat(keyed.log.dirtyRatio(keyed.nowMillis)).isZero();
        assertThat(keyed.compact()).isZero();
        keyed.write("c=2", "d=2", "e=2", "end=3");
        assertThat(keyed.log.dirtyRatio(keyed.nowMillis)).isBetween(0.5, 0.99);
        assertThat(keyed.compact()).isPositive();
    }

    @Test
    void aLogIsDueWhenARecordIsOlderThanTheLargestLag() {
        KeyedLog keyed = new KeyedLog(1, SMALL, config(0, 1000, 1));
        keyed.write("a=1", "a=2", "end=1");
        assertThat(keyed.compact()).isZero();
        keyed.nowMillis += 1001;
        assertThat(keyed.compact()).isPositive();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:end=1");
    }

    @Test
    void smallSegmentsAreMerged() {
        KeyedLog keyed = eager(SMALL);
        keyed.write("a=1", "b=1", "c=1", "d=1", "e=1", "end=1");
        assertThat(keyed.segments()).isEqualTo(6);
        keyed.configure(keyed.config.withSegment(LogFixture.segmentsOf(LARGE).segment()));
        keyed.compact();
        assertThat(keyed.segments()).isEqualTo(2);
        assertThat(keyed.readAll()).hasSize(6);
        keyed.restart();
        assertThat(keyed.log.recovery().scannedBytes()).isZero();
        assertThat(keyed.readAll()).hasSize(6);
    }

    @Test
    void keysThatDoNotFitIntoMemoryWaitForTheNextPass() {
        KeyedLog keyed = new KeyedLog(1, SMALL, new CompactionConfig(0, Long.MAX_VALUE, 0, KeyedLog.TOMBSTONE_MS, 2));
        keyed.write("a=1", "b=1", "a=2", "c=1", "c=2", "end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:b=1", "2:a=2", "3:c=1", "4:c=2", "5:end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:b=1", "2:a=2", "4:c=2", "5:end=1");
    }

    @Test
    void anEmptiedBatchKeepsTheSequenceOfItsProducer() {
        KeyedLog keyed = eager(SMALL);
        keyed.append(keyed.batch(Compression.NONE, 7, 0, "a=1"));
        keyed.append(keyed.batch(Compression.NONE, 7, 1, "a=2"));
        keyed.write("a=3", "end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("2:a=3", "3:end=1");
        ByteBuffer kept = keyed.batchesFrom(0).getFirst();
        assertThat(BatchHeader.baseOffset(kept, 0)).isEqualTo(1);
        assertThat(BatchHeader.recordCount(kept, 0)).isZero();

        keyed.log.close();
        keyed.sim.list(KeyedLog.DIRECTORY).stream()
                .filter(name -> name.endsWith(".snapshot"))
                .forEach(name -> keyed.sim.delete(KeyedLog.DIRECTORY + "/" + name));
        keyed.reopen();
        assertThat(keyed.log.recovery().scannedBytes()).isPositive();
        assertThat(keyed.append(keyed.batch(Compression.NONE, 7, 3, "b=1")))
                .isInstanceOfSatisfying(
                        AppendOutcome.Rejected.class,
                        rejected -> assertThat(rejected.error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER));
        assertThat(keyed.append(keyed.batch(Compression.NONE, 7, 2, "b=1"))).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void recordsWithoutAKeyAreRefused() {
        KeyedLog keyed = eager(SMALL);
        assertThat(keyed.append(Batches.batch(1, "no key")))
                .isInstanceOfSatisfying(
                        AppendOutcome.Rejected.class,
                        rejected -> assertThat(rejected.error()).isEqualTo(Errors.INVALID_RECORD));
    }

    @Test
    void unreadableBatchesFromBeforeTheTopicWasCompactedStay() {
        KeyedLog keyed = eager(SMALL);
        keyed.configure(keyed.config.withRetention(RetentionConfig.DEFAULTS));
        ByteBuffer spoiled = keyed.batch(Compression.NONE, -1, -1, "a=1");
        Batches.spoilRecords(spoiled);
        keyed.append(spoiled);
        keyed.configure(keyed.config.withRetention(new RetentionConfig(-1, -1, CleanupPolicy.COMPACT)));
        keyed.write("b=1", "b=2", "end=1");
        keyed.compact();
        assertThat(BatchHeader.lastOffset(keyed.batchesFrom(0).getFirst(), 0)).isZero();
        assertThat(keyed.readFrom(1)).containsExactly("2:b=2", "3:end=1");
    }

    @Test
    void compactAndDeleteAlsoDropsOldSegments() {
        KeyedLog keyed = eager(SMALL);
        keyed.configure(keyed.config.withRetention(new RetentionConfig(1000, -1, CleanupPolicy.COMPACT_AND_DELETE)));
        keyed.write("a=1", "a=2", "b=1");
        keyed.nowMillis += 900;
        keyed.write("end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:b=1", "3:end=1");
        keyed.nowMillis += 200;
        keyed.log.enforceRetention(keyed.nowMillis);
        assertThat(keyed.readAll()).containsExactly("3:end=1");
    }

    @Test
    void aFullDiskEndsThePassAndALaterOneSucceeds() {
        KeyedLog keyed = eager(SMALL);
        keyed.write("a=1", "a=2", "b=1", "end=1");
        keyed.sim.limitCapacity(keyed.sim.usedBytes() + 10);
        keyed.compact();
        assertThat(keyed.readAll()).hasSize(4);
        assertThat(keyed.log.isFailed()).isFalse();
        keyed.sim.clearFaults();
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:b=1", "3:end=1");
        assertThat(keyed.sim.list(KeyedLog.DIRECTORY)).noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    void segmentsDeletedMeanwhileEndThePass() {
        KeyedLog keyed = eager(SMALL);
        keyed.write("a=1", "a=2", "b=1", "end=1");
        assertThat(keyed.log.compact(keyed.nowMillis)).isTrue();
        keyed.log.deleteRecordsBefore(2);
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("2:b=1", "3:end=1");
        keyed.restart();
        assertThat(keyed.readAll()).containsExactly("2:b=1", "3:end=1");
    }

    /** Anomaly A37. */
    @Test
    void a37ACrashAtAnyDiskOperationLosesNoLatestValue() {
        int crashes = 0;
        for (int operations = 0; operations < 80; operations++) {
            for (boolean powerCut : new boolean[] {false, true}) {
                KeyedLog keyed = new KeyedLog(operations, SMALL, KeyedLog.EAGER);
                keyed.write("a=1", "b=1", "a=2", "c=1", "b", "d=1", "c=2", "end=1");
                keyed.configure(
                        keyed.config.withSegment(LogFixture.segmentsOf(250).segment()));
                keyed.disk.crashAfter(operations);
                try {
                    keyed.compact();
                } catch (CrashingDisk.Crash e) {
                    crashes++;
                }
                keyed.disk.calm();
                if (powerCut) {
                    keyed.sim.cutPower();
                } else {
                    keyed.sim.crash();
                }
                keyed.reopen();
                assertThat(keyed.log.logEndOffset()).isEqualTo(8);
                assertThat(keyed.readAll()).contains("2:a=2", "4:b", "5:d=1", "6:c=2", "7:end=1");
                keyed.compact();
                assertThat(keyed.readAll()).containsExactly("2:a=2", "4:b", "5:d=1", "6:c=2", "7:end=1");
            }
        }
        assertThat(crashes).isGreaterThan(40);
    }

    @Test
    void theBrokerCompactsByItself() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = Requests.created(client, "t", 1, "cleanup.policy", "compact", "segment.ms", "1000");
        KeyedLog keyed = eager(SMALL);
        for (String each : List.of("a=1", "b=1", "a=2", "c=1", "end=1")) {
            ByteBuffer batch = keyed.batch(Compression.NONE, -1, -1, each);
            ProduceResponseData answer =
                    client.call(ProduceResponseData.class, Requests.produce(topic, 0, -1, batch), Requests.PRODUCE);
            assertThat(Requests.first(answer).errorCode()).isZero();
            broker.pass(1001);
        }
        for (int i = 0; i < 50; i++) {
            broker.pass(i == 0 ? 15_000 : 1);
        }
        FetchResponseData found = client.call(FetchResponseData.class, Requests.fetch(topic, 0, 0, 0), Requests.FETCH);
        // A fetch ends with the segment; the last record is in the active one.
        assertThat(Requests.records(found)).containsExactly("1=1", "2=2", "3=1");
        assertThat(broker.stoppedPartitions).isEmpty();
    }
}
