package io.millrace.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Takes superseded records out of a batch. What stays keeps its offset, timestamp and compression; the batch keeps its
 * base and last offset, producer and sequence. The first time a batch with a tombstone passes, the time at which the
 * tombstone may go is written into it (delete horizon, KIP-534).
 *
 * <p>Not for the hot path: batches are decompressed, by the record classes of kafka-clients. Single-threaded.
 */
public final class BatchFilter {

    /** Says which records are superseded by a newer one of the same key. */
    public interface Newest {

        /** Whether no newer record has this key; the key is valid during the call. */
        boolean isNewest(ByteBuffer key, long offset);
    }

    /** A record larger than this, unpacked, is not looked into: its batch stays as it is. */
    static final int RECORD_BYTES_MAX = 64 * 1024 * 1024;

    private final Filter filter;

    /**
     * @param belowOffset records from here on are not judged
     * @param tombstoneMillis how long a tombstone stays after it was first seen
     */
    public BatchFilter(Newest newest, long belowOffset, long nowMillis, long tombstoneMillis) {
        this.filter = new Filter(newest, belowOffset, nowMillis, tombstoneMillis);
    }

    /**
     * What is left of a batch. Control batches, transactional ones and those that cannot be read are left as they are;
     * records without a key go.
     *
     * @param batch exactly one whole batch between position and limit; not changed
     * @param keepEmpty whether the header stays even if no record does
     * @return equal to {@code batch} if nothing changes; without remaining bytes if nothing is left
     */
    public ByteBuffer apply(ByteBuffer batch, boolean keepEmpty) {
        int at = batch.position();
        if (BatchHeader.isControl(batch, at)
                || BatchHeader.isTransactional(batch, at)
                || BatchHeader.baseOffset(batch, at) >= filter.belowOffset
                || (keepEmpty && BatchHeader.recordCount(batch, at) == 0)) {
            return batch;
        }
        filter.keepEmpty = keepEmpty;
        try {
            return MemoryRecords.readableRecords(batch.duplicate())
                    .filterTo(
                            filter, ByteBuffer.allocate(batch.remaining()), BufferSupplier.NO_CACHING, RECORD_BYTES_MAX)
                    .outputBuffer()
                    .flip();
        } catch (KafkaException | IllegalArgumentException e) {
            // A producer may have sent records that do not parse, before the topic was compacted: no record is judged.
            return batch;
        }
    }

    private static final class Filter extends RecordFilter {

        private final Newest newest;
        private final long belowOffset;
        private boolean keepEmpty;

        Filter(Newest newest, long belowOffset, long nowMillis, long tombstoneMillis) {
            super(nowMillis, tombstoneMillis);
            this.newest = newest;
            this.belowOffset = belowOffset;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
            return new BatchRetentionResult(
                    keepEmpty ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY, false);
        }

        @Override
        protected boolean shouldRetainRecord(RecordBatch batch, Record item) {
            if (item.offset() >= belowOffset) {
                return true;
            }
            if (!item.hasKey()) {
                return false;
            }
            boolean expired = !item.hasValue()
                    && batch.deleteHorizonMs().isPresent()
                    && batch.deleteHorizonMs().getAsLong() <= currentTime;
            return !expired && newest.isNewest(item.key(), item.offset());
        }
    }
}
