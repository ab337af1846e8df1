package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which position goes with a record. */
class RecordMapperTest {

    private static final long SLOT_LSN = 70;

    private final RecordMapper mapper = new RecordMapper(new CdcConfig(Map.of(), true, false), SLOT_LSN);

    @Test
    void positionIsTheCommitBeforeTheTransaction() {
        Map<String, ?> within = Map.of(
                "lsn", 120L, "lsn_proc", 115L, "lsn_commit", 100L, "messageType", "INSERT", "txId", 7L, "ts_usec", 5L);
        assertThat(mapper.safeOffset(within))
                .isEqualTo(Map.of("lsn", 100L, "lsn_commit", 100L, "txId", 7L, "ts_usec", 5L));
    }

    @Test
    void positionBeforeTheFirstCommitIsTheSlots() {
        assertThat(mapper.safeOffset(Map.of("lsn", 120L, "lsn_proc", 115L))).isEqualTo(Map.of("lsn", SLOT_LSN));
    }

    @Test
    void recordsOfOneTransactionShareTheirPosition() {
        Map<String, ?> first = mapper.safeOffset(Map.of("lsn", 120L, "lsn_commit", 100L));
        assertThat(mapper.safeOffset(Map.of("lsn", 130L, "lsn_commit", 100L))).isSameAs(first);
        assertThat(mapper.safeOffset(Map.of("lsn", 150L, "lsn_commit", 140L)))
                .isEqualTo(Map.of("lsn", 140L, "lsn_commit", 140L));
    }

    @Test
    void progressOfAnIncrementalSnapshotIsKept() {
        mapper.safeOffset(Map.of("lsn", 120L, "lsn_commit", 100L));
        Map<String, ?> chunk = Map.of("lsn", 130L, "lsn_commit", 100L, "incremental_snapshot_primary_key", "aced");
        assertThat(mapper.safeOffset(chunk))
                .isEqualTo(Map.of("lsn", 100L, "lsn_commit", 100L, "incremental_snapshot_primary_key", "aced"));
    }

    @Test
    void positionOfASnapshotIsDebeziumsOwn() {
        Map<String, ?> offset = Map.of("lsn", 120L, "snapshot", "INITIAL", "snapshot_completed", false);
        assertThat(mapper.safeOffset(offset)).isSameAs(offset);
        assertThat(RecordMapper.isSnapshotUnfinished(offset)).isTrue();
    }

    @Test
    void snapshotIsFinishedWithItsLastRecord() {
        assertThat(RecordMapper.isSnapshotUnfinished(
                        Map.of("lsn", 120L, "snapshot", "INITIAL", "snapshot_completed", true)))
                .isFalse();
        assertThat(RecordMapper.isSnapshotUnfinished(Map.of("lsn", 120L))).isFalse();
    }
}
