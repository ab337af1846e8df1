package io.millrace.log.api;

import io.millrace.log.coordinator.CoordinatorLog;
import io.millrace.log.disk.Region;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.ReadOutcome;
import io.millrace.log.types.Promise;
import io.millrace.log.types.Timers;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** A partition that this broker leads, as a coordinator writes and reads it. */
final class LeaderLog implements CoordinatorLog {

    private final PartitionLeader partition;
    private final Timers timers;

    LeaderLog(PartitionLeader partition, Timers timers) {
        this.partition = partition;
        this.timers = timers;
    }

    @Override
    public Append append(MemoryRecords batch) {
        return told(partition.appendUncounted(batch.buffer(), timers.now()));
    }

    @Override
    public Append append(TransactionMarker marker) {
        return told(partition.endTransaction(marker, timers.now()));
    }

    private static Append told(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Appended appended -> new Append.Appended(appended.lastOffset());
            case AppendOutcome.Duplicate duplicate -> new Append.Appended(duplicate.lastOffset());
            case AppendOutcome.Rejected rejected -> new Append.Refused(rejected.error());
        };
    }

    @Override
    public Promise<Errors> committed(long lastOffset) {
        return partition.committed(lastOffset);
    }

    @Override
    public long startOffset() {
        return partition.logStartOffset();
    }

    @Override
    public long endOffset() {
        return partition.logEndOffset();
    }

    @Override
    public Read read(long offset, int bytesMax) {
        return partition.reading(() -> batches(partition.readToEnd(offset, bytesMax)), Read.Failed::new);
    }

    private static Read batches(ReadOutcome outcome) {
        return switch (outcome) {
            case ReadOutcome.Records records -> new Read.Batches(MemoryRecords.readableRecords(copy(records.region())));
            case ReadOutcome.Empty empty -> new Read.Batches(MemoryRecords.EMPTY);
            case ReadOutcome.OutOfRange outside -> new Read.Failed(Errors.OFFSET_OUT_OF_RANGE);
        };
    }

    private static ByteBuffer copy(Region region) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(region.size());
            region.read(bytes, 0);
            return bytes.flip();
        } finally {
            region.release();
        }
    }
}
