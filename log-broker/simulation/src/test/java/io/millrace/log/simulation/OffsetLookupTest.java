package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.storage.LogConfig;
import io.millrace.log.types.EpochEndOffset;
import io.millrace.log.types.TimestampOffset;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;

class OffsetLookupTest {

    private final LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);

    @Test
    void findsTheFirstRecordOfATimeInsideOfABatch() {
        fixture.append(Batches.timed(Compression.NONE, 10, 30, 20));
        fixture.append(Batches.timed(Compression.gzip().build(), 40, 25, 60));
        assertThat(fixture.log.offsetForTimestamp(0)).isEqualTo(found(10, 0));
        assertThat(fixture.log.offsetForTimestamp(11)).isEqualTo(found(30, 1));
        assertThat(fixture.log.offsetForTimestamp(30)).isEqualTo(found(30, 1));
        assertThat(fixture.log.offsetForTimestamp(31)).isEqualTo(found(40, 3));
        assertThat(fixture.log.offsetForTimestamp(41)).isEqualTo(found(60, 5));
        assertThat(fixture.log.offsetForTimestamp(61)).isNull();
    }

    @Test
    void recordsThatWereDeletedAreNotFound() {
        fixture.append(Batches.timed(Compression.NONE, 50, 30, 20));
        fixture.log.deleteRecordsBefore(1);
        assertThat(fixture.log.offsetForTimestamp(0)).isEqualTo(found(30, 1));
        assertThat(fixture.log.offsetForTimestamp(40)).isNull();
        assertThat(fixture.log.maxTimestamp()).isEqualTo(found(30, 1));
    }

    @Test
    void findsTheLargestTimestamp() {
        assertThat(fixture.log.maxTimestamp()).isNull();
        fixture.append(Batches.timed(Compression.lz4().build(), 10, 70, 20));
        fixture.append(Batches.timed(Compression.NONE, 40, 70));
        assertThat(fixture.log.maxTimestamp()).isEqualTo(found(70, 1));
    }

    @Test
    void everyCodecIsStoredAndFound() {
        int offset = 0;
        for (Compression compression : new Compression[] {
            Compression.NONE,
            Compression.gzip().build(),
            Compression.snappy().build(),
            Compression.lz4().build(),
            Compression.zstd().build()
        }) {
            fixture.append(Batches.timed(compression, 100 + offset, 101 + offset));
            assertThat(fixture.log.offsetForTimestamp(101 + offset)).isEqualTo(found(101 + offset, offset + 1));
            offset += 2;
        }
        assertThat(fixture.readAll()).hasSize(10);
    }

    @Test
    void tellsWhereEpochsEnd() {
        fixture.log.append(Batches.batch(1, "a", "b"), 2, 1);
        fixture.log.append(Batches.batch(1, "c"), 5, 1);
        fixture.log.append(Batches.batch(1, "d"), 5, 1);
        fixture.log.beginLeaderEpoch(8);
        assertThat(fixture.log.endOffsetForEpoch(1)).isEqualTo(new EpochEndOffset(1, 0));
        assertThat(fixture.log.endOffsetForEpoch(2)).isEqualTo(new EpochEndOffset(2, 2));
        assertThat(fixture.log.endOffsetForEpoch(3)).isEqualTo(new EpochEndOffset(2, 2));
        assertThat(fixture.log.endOffsetForEpoch(5)).isEqualTo(new EpochEndOffset(5, 4));
        assertThat(fixture.log.endOffsetForEpoch(8)).isEqualTo(new EpochEndOffset(8, 4));
        assertThat(fixture.log.endOffsetForEpoch(9)).isEqualTo(EpochEndOffset.UNDEFINED);
        assertThat(fixture.log.leaderEpochAt(1)).isEqualTo(2);
        assertThat(fixture.log.leaderEpochAt(2)).isEqualTo(5);
        assertThat(fixture.log.latestLeaderEpoch()).isEqualTo(8);
    }

    @Test
    void epochsSurviveARestartAndACrash() {
        fixture.log.append(Batches.batch(1, "a", "b"), 2, 1);
        fixture.log.beginLeaderEpoch(4);
        fixture.restart();
        assertThat(fixture.log.latestLeaderEpoch()).isEqualTo(4);
        fixture.log.append(Batches.batch(1, "c"), 5, 1);
        fixture.crash();
        assertThat(fixture.log.endOffsetForEpoch(2)).isEqualTo(new EpochEndOffset(2, 2));
        assertThat(fixture.log.endOffsetForEpoch(5)).isEqualTo(new EpochEndOffset(5, 3));
        assertThat(fixture.log.leaderEpochAt(2)).isEqualTo(5);
    }

    @Test
    void recordsThatDoNotParseCountAsTheirBatch() {
        var batch = Batches.timed(Compression.gzip().build(), 10, 20);
        Batches.spoilRecords(batch);
        fixture.append(batch);
        fixture.append(Batches.timed(Compression.NONE, 30));
        assertThat(fixture.log.offsetForTimestamp(15)).isEqualTo(found(20, 0));
        assertThat(fixture.log.offsetForTimestamp(25)).isEqualTo(found(30, 2));
    }

    private static TimestampOffset found(long timestamp, long offset) {
        return new TimestampOffset(timestamp, offset, LogFixture.EPOCH);
    }
}
