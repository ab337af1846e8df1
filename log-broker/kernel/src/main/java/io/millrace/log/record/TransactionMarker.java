package io.millrace.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * The end of a producer's transaction in one partition, as the transaction coordinator orders it: stored as a control
 * batch with one record (KIP-98).
 *
 * @param producerEpoch in force from here on. In transaction version 2 it is above the epoch of the transaction's own
 *     batches, so that those which come late are fenced (KIP-890); before, it is that epoch
 * @param committed whether the transaction is committed; else it is aborted
 * @param coordinatorEpoch leader epoch of the coordinator's partition: a marker of an older one is refused
 * @param transactionVersion of the transaction: 2, or below
 */
public record TransactionMarker(
        long producerId, short producerEpoch, boolean committed, int coordinatorEpoch, int transactionVersion) {

    /** The version since which every transaction ends with an epoch of its own (KIP-890). */
    public static final int VERSION_WITH_EPOCH_BUMP = 2;

    public TransactionMarker {
        if (producerId < 0 || producerEpoch < 0) {
            throw new IllegalArgumentException(
                    "producer id %d and epoch %d must not be negative".formatted(producerId, producerEpoch));
        }
    }

    /**
     * The marker in a control batch, of which the transaction version is not known; null if it holds none, as when
     * compaction has emptied it.
     *
     * @param batch exactly one whole batch between position and limit
     */
    public static @Nullable TransactionMarker read(ByteBuffer batch) {
        for (Record record :
                MemoryRecords.readableRecords(batch).batches().iterator().next()) {
            ControlRecordType type = ControlRecordType.parse(record.key());
            if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
                return new TransactionMarker(
                        BatchHeader.producerId(batch, batch.position()),
                        BatchHeader.producerEpoch(batch, batch.position()),
                        type == ControlRecordType.COMMIT,
                        EndTransactionMarker.deserialize(record).coordinatorEpoch(),
                        0);
            }
        }
        return null;
    }

    /** The control batch, without an offset. */
    public ByteBuffer batch(long nowMillis) {
        ControlRecordType type = committed ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return MemoryRecords.withEndTransactionMarker(
                        nowMillis, producerId, producerEpoch, new EndTransactionMarker(type, coordinatorEpoch))
                .buffer();
    }
}
