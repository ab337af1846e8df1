package io.millrace.log.api;

import io.millrace.log.disk.Region;
import io.millrace.log.disk.RegionRecords;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.types.EpochEndOffset;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fetch: what is asked for, and how it is read on the shard that owns the partition. Immutable.
 *
 * @param wanted as the client sent it; not changed by anybody
 */
record FetchRead(PartitionId partition, FetchPartition wanted) {

    private static final long UNKNOWN_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    /**
     * Reads all of {@code reads}, which the shard owns, until {@code bytesMax} are found; the first batch may be
     * larger.
     */
    static List<PartitionData> all(LocalShard owner, List<FetchRead> reads, int bytesMax) {
        List<PartitionData> results = new ArrayList<>(reads.size());
        int left = bytesMax;
        for (FetchRead read : reads) {
            PartitionData result = read.on(owner, left, left == bytesMax);
            left -= result.records().sizeInBytes();
            results.add(result);
        }
        return results;
    }

    private PartitionData on(LocalShard owner, int bytesLeft, boolean atLeastOneBatch) {
        PartitionLeader leader = owner.replicas().find(partition);
        if (leader == null) {
            return failed(wanted.partition(), Partitions.missing(owner, partition));
        }
        Errors fenced = Partitions.checkEpoch(leader, wanted.currentLeaderEpoch());
        if (fenced != Errors.NONE) {
            return failed(wanted.partition(), fenced)
                    .setCurrentLeader(new FetchResponseData.LeaderIdAndEpoch()
                            .setLeaderId(owner.config().brokerId())
                            .setLeaderEpoch(leader.leaderEpoch()));
        }
        return leader.reading(
                () -> read(leader, Math.max(0, bytesLeft), atLeastOneBatch),
                error -> failed(wanted.partition(), error));
    }

    private PartitionData read(PartitionLeader leader, int bytesLeft, boolean atLeastOneBatch) {
        EpochEndOffset diverged = divergence(leader);
        if (diverged != null) {
            return found(leader)
                    .setDivergingEpoch(new FetchResponseData.EpochEndOffset()
                            .setEpoch(diverged.epoch())
                            .setEndOffset(diverged.endOffset()));
        }
        int bytesMax = Math.min(wanted.partitionMaxBytes(), bytesLeft);
        return switch (leader.read(wanted.fetchOffset(), bytesMax, atLeastOneBatch)) {
            case ReadOutcome.Records records -> found(leader).setRecords(new RegionRecords(records.region()));
            case ReadOutcome.Empty empty -> found(leader);
            case ReadOutcome.OutOfRange range ->
                failed(wanted.partition(), Errors.OFFSET_OUT_OF_RANGE).setLogStartOffset(range.logStartOffset());
        };
    }

    /** Where the client's log parts from ours, if it says what it has (KIP-595); else null. */
    private @Nullable EpochEndOffset divergence(PartitionLeader leader) {
        if (wanted.lastFetchedEpoch() == NO_EPOCH) {
            return null;
        }
        EpochEndOffset end = leader.log().endOffsetForEpoch(wanted.lastFetchedEpoch());
        boolean diverged = end.epoch() < wanted.lastFetchedEpoch() || end.endOffset() < wanted.fetchOffset();
        return diverged ? end : null;
    }

    private PartitionData found(PartitionLeader leader) {
        return new PartitionData()
                .setPartitionIndex(wanted.partition())
                .setHighWatermark(leader.highWatermark())
                .setLastStableOffset(leader.highWatermark())
                .setLogStartOffset(leader.logStartOffset())
                .setRecords(MemoryRecords.EMPTY);
    }

    static PartitionData failed(int index, Errors error) {
        return new PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(error.code())
                .setHighWatermark(UNKNOWN_OFFSET)
                .setLastStableOffset(UNKNOWN_OFFSET)
                .setLogStartOffset(UNKNOWN_OFFSET)
                .setRecords(MemoryRecords.EMPTY);
    }

    /** Lets go of what was read and is not sent. */
    static void drop(PartitionData result) {
        if (result.records() instanceof RegionRecords(Region region)) {
            region.release();
            result.setRecords(MemoryRecords.EMPTY);
        }
    }
}
