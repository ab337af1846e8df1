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
 * tombstone may go is written into it (delete horizon, KIP-534); likewise for the marker of a transaction of which
 * nothing is left.
 *
 * <p>Not for the hot path: batches are decompressed, by the record classes of kafka-clients. Single-threaded.
 */
public final class BatchFilter {

    /** Says which records are superseded by a newer one of the same key. */
    public interface Newest {

        /** Whether no newer record has this key; the key is valid during the call. */
        boolean isNewest(ByteBuffer key, long offset);
    }

    /** How a batch is judged. */
    public enum Kind {
        /** Record by record. */
        RECORDS,
        /** Of an aborted transaction: no record stays. */
        ABORTED,
        /** The end of a transaction of which there are batches: it stays. */
        MARKER,
        /** The end of a transaction of which there is no batch: it stays as long as a tombstone would. */
        MARKER_OF_NOTHING
    }

    /** A record larger than this, unpacked, is not looked into: its batch stays as it is. */
    static final int RECORD_BYTES_MAX = 64 * 1024 * 1024;

    private final Filter filter;

    /**
     * @param belowOffset records from here on are not judged by their keys
     * @param tombstoneMillis how long a tombstone stays after it was first seen
     */
    public BatchFilter(Newest newest, long belowOffset, long nowMillis, long tombstoneMillis) {
        this.filter = new Filter(newest, belowOffset, nowMillis, tombstoneMillis);
    }

    /**
     * What is left of a batch. One that cannot be read is left as it is; records without a key go.
     *
     * @param batch exactly one whole batch between position and limit; not changed
     * @param keepEmpty whether the header stays even if no record does
     * @return equal to {@code batch} if nothing changes; without remaining bytes if nothing is left
     */
    public ByteBuffer apply(ByteBuffer batch, Kind kind, boolean keepEmpty) {
        int at = batch.position();
        if (kind == Kind.MARKER
                || (kind == Kind.RECORDS && BatchHeader.baseOffset(batch, at) >= filter.belowOffset)
                || (keepEmpty && BatchHeader.recordCount(batch, at) == 0)) {
            return batch;
        }
        filter.kind = kind;
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
        private Kind kind = Kind.RECORDS;
        private boolean keepEmpty;

        Filter(Newest newest, long belowOffset, long nowMillis, long tombstoneMillis) {
            super(nowMillis, tombstoneMillis);
            this.newest = newest;
            this.belowOffset = belowOffset;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
            BatchRetention retention = keepEmpty
                    ? BatchRetention.RETAIN_EMPTY
                    : kind == Kind.ABORTED ? BatchRetention.DELETE : BatchRetention.DELETE_EMPTY;
            return new BatchRetentionResult(retention, kind == Kind.MARKER_OF_NOTHING);
        }

        @Override
        protected boolean shouldRetainRecord(RecordBatch batch, Record item) {
            return switch (kind) {
                case ABORTED -> false;
                case MARKER -> true;
                case MARKER_OF_NOTHING -> !isExpired(batch);
                case RECORDS -> item.offset() >= belowOffset || isLive(batch, item);
            };
        }

        private boolean isLive(RecordBatch batch, Record item) {
            return item.hasKey()
                    && (item.hasValue() || !isExpired(batch))
                    && newest.isNewest(item.key(), item.offset());
        }

        private boolean isExpired(RecordBatch batch) {
            return batch.deleteHorizonMs().isPresent()
                    && batch.deleteHorizonMs().getAsLong() <= currentTime;
        }
    }
}
