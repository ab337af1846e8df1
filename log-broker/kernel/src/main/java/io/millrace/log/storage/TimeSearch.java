package io.millrace.log.storage;

import io.millrace.log.record.RecordWalk;
import io.millrace.log.types.TimestampOffset;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by their timestamps. Segments and batches are told apart by their largest timestamp; only the batch
 * that holds the record is read, and decompressed if need be. Records that do not parse (a producer may send such,
 * with a correct CRC) count as if the first of their batch had its largest timestamp.
 */
final class TimeSearch {

    private final LogState log;
    private final long logStartOffset;
    private final BatchPlace place = new BatchPlace();

    TimeSearch(LogState log) {
        this.log = log;
        this.logStartOffset = log.logStartOffset();
    }

    /** The first record whose timestamp is at least {@code timestamp}. */
    @Nullable
    TimestampOffset firstAtOrAfter(long timestamp) {
        for (Segment segment : log.segments()) {
            log.use(segment);
            if (segment.nextOffset() > logStartOffset && segment.maxTimestamp() >= timestamp) {
                TimestampOffset found = firstIn(segment, timestamp);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The first of the records with the largest timestamp. */
    @Nullable
    TimestampOffset latest() {
        long largest = -1;
        for (Segment segment : log.segments()) {
            log.use(segment);
            largest = Math.max(largest, maxTimestampOf(segment));
        }
        return largest < 0 ? null : firstAtOrAfter(largest);
    }

    private @Nullable TimestampOffset firstIn(Segment segment, long timestamp) {
        segment.findTime(timestamp, place);
        BatchCursor cursor = segment.cursor();
        int position = place.position;
        while (position < segment.size()) {
            cursor.moveTo(position);
            position = cursor.nextPosition();
            if (cursor.lastOffset() >= logStartOffset && cursor.maxTimestamp() >= timestamp) {
                TimestampOffset found = firstIn(cursor, timestamp);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable TimestampOffset firstIn(BatchCursor cursor, long timestamp) {
        try {
            Record found = RecordWalk.first(
                    cursor.copy(), item -> item.offset() >= logStartOffset && item.timestamp() >= timestamp);
            return found == null ? null : answer(found.timestamp(), found.offset());
        } catch (InvalidRecordException e) {
            return answer(cursor.maxTimestamp(), Math.max(logStartOffset, cursor.baseOffset()));
        }
    }

    private TimestampOffset answer(long timestamp, long offset) {
        return new TimestampOffset(timestamp, offset, log.epochs().epochAt(offset));
    }

    private long maxTimestampOf(Segment segment) {
        if (segment.baseOffset() >= logStartOffset) {
            return segment.maxTimestamp();
        }
        long largest = -1;
        if (segment.find(logStartOffset, place)) {
            BatchCursor cursor = segment.cursor();
            int position = place.position;
            while (position < segment.size()) {
                cursor.moveTo(position);
                position = cursor.nextPosition();
                largest = Math.max(largest, maxTimestampOf(cursor));
            }
        }
        return largest;
    }

    private long maxTimestampOf(BatchCursor cursor) {
        if (cursor.baseOffset() >= logStartOffset) {
            return cursor.maxTimestamp();
        }
        long[] largest = {-1};
        try {
            RecordWalk.first(cursor.copy(), item -> {
                if (item.offset() >= logStartOffset) {
                    largest[0] = Math.max(largest[0], item.timestamp());
                }
                return false;
            });
            return largest[0];
        } catch (InvalidRecordException e) {
            return cursor.maxTimestamp();
        }
    }
}
