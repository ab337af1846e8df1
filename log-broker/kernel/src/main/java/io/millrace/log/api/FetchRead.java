package io.millrace.log.api;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.Region;
import io.millrace.log.disk.RegionRecords;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.types.EpochEndOffset;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fetch: what is asked for, and how it is read on the shard that owns the partition. Immutable.
 *
 * @param wanted as the client sent it; not changed by anybody
 * @param leaderTold whether a client with an epoch that is not the leader's is told who leads: answers have a field for
 *     it since version 12
 */
record FetchRead(PartitionId partition, FetchPartition wanted, boolean leaderTold) {

    private static final long UNKNOWN_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    /**
     * Reads all of {@code reads}, which the shard owns, until {@code bytesMax} are found; the first batch may be
     * larger.
     */
    static List<PartitionData> all(LocalShard owner, List<FetchRead> reads, int bytesMax, IsolationLevel isolation) {
        List<PartitionData> results = new ArrayList<>(reads.size());
        int left = bytesMax;
        for (FetchRead read : reads) {
            Portion portion = new Portion(Math.max(0, left), left == bytesMax, isolation);
            PartitionData result = read.on(owner, portion);
            left -= result.records().sizeInBytes();
            results.add(result);
        }
        return results;
    }

    /** How much of a partition is read. */
    private record Portion(int bytesMax, boolean atLeastOneBatch, IsolationLevel isolation) {}

    private PartitionData on(LocalShard owner, Portion portion) {
        PartitionLeader leader = owner.replicas().find(partition);
        if (leader == null) {
            return failed(wanted.partition(), Partitions.missing(owner, partition));
        }
        Errors fenced = Partitions.checkEpoch(leader, wanted.currentLeaderEpoch());
        if (fenced != Errors.NONE) {
            PartitionData failed = failed(wanted.partition(), fenced);
            return leaderTold ? failed.setCurrentLeader(leaderOf(leader, owner)) : failed;
        }
        return leader.reading(() -> read(leader, portion), error -> failed(wanted.partition(), error));
    }

    private static LeaderIdAndEpoch leaderOf(PartitionLeader partition, LocalShard owner) {
        return new LeaderIdAndEpoch().setLeaderId(owner.config().brokerId()).setLeaderEpoch(partition.leaderEpoch());
    }

    private PartitionData read(PartitionLeader leader, Portion portion) {
        EpochEndOffset diverged = divergence(leader);
        if (diverged != null) {
            return found(leader, portion.isolation())
                    .setDivergingEpoch(new FetchResponseData.EpochEndOffset()
                            .setEpoch(diverged.epoch())
                            .setEndOffset(diverged.endOffset()));
        }
        int bytesMax = Math.min(wanted.partitionMaxBytes(), portion.bytesMax());
        IsolationLevel isolation = portion.isolation();
        return switch (leader.read(wanted.fetchOffset(), bytesMax, portion.atLeastOneBatch(), isolation)) {
            case ReadOutcome.Records records -> found(leader, records, isolation);
            case ReadOutcome.Empty empty -> found(leader, isolation);
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

    private PartitionData found(PartitionLeader leader, ReadOutcome.Records records, IsolationLevel isolation) {
        PartitionData found = found(leader, isolation);
        if (isolation == IsolationLevel.READ_COMMITTED) {
            try {
                found.setAbortedTransactions(aborted(leader, records.nextOffset()));
            } catch (DiskFailure e) {
                records.region().release();
                throw e;
            }
        }
        return found.setRecords(new RegionRecords(records.region()));
    }

    private List<AbortedTransaction> aborted(PartitionLeader leader, long below) {
        return leader.log().abortedTransactions(wanted.fetchOffset(), below).stream()
                .map(each -> new AbortedTransaction()
                        .setProducerId(each.producerId())
                        .setFirstOffset(each.firstOffset()))
                .toList();
    }

    private PartitionData found(PartitionLeader leader, IsolationLevel isolation) {
        return new PartitionData()
                .setPartitionIndex(wanted.partition())
                .setHighWatermark(leader.highWatermark())
                .setLastStableOffset(leader.lastStableOffset())
                .setLogStartOffset(leader.logStartOffset())
                .setAbortedTransactions(isolation == IsolationLevel.READ_COMMITTED ? List.of() : null)
                .setRecords(MemoryRecords.EMPTY);
    }

    /** Up to where a fetch of this isolation has seen the partition. */
    static long visibleEnd(PartitionData result, IsolationLevel isolation) {
        return isolation == IsolationLevel.READ_COMMITTED ? result.lastStableOffset() : result.highWatermark();
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
