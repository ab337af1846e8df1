package io.millrace.log.storage;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.RecordWalk;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.internal.Record;

/** The first part of a pass of compaction: finds the newest offset of each key, from the first dirty record on. */
final class KeyScan {

    private static final int STEP_BYTES = 256 * 1024;

    private final LogState log;
    private final CleanableRange range;
    private final OffsetMap newest;
    private final AbortedRanges aborted;
    private int number;
    private int position;
    private long endOffset;
    private boolean full;

    KeyScan(LogState log, CleanableRange range, OffsetMap newest, AbortedRanges aborted) {
        this.log = log;
        this.range = range;
        this.newest = newest;
        this.aborted = aborted;
        this.endOffset = range.segments().getLast().nextOffset();
    }

    OffsetMap newest() {
        return newest;
    }

    /** Records below it were looked at: all of the range, unless there were too many keys. */
    long endOffset() {
        return endOffset;
    }

    /** Looks at some batches; false once all is known. */
    boolean step() {
        int left = STEP_BYTES;
        while (left > 0 && !full && number < range.segments().size()) {
            Segment segment = range.segments().get(number);
            if (segment.nextOffset() <= range.dirtyOffset() || position >= segment.size()) {
                number++;
                position = 0;
            } else {
                left -= take(segment);
            }
        }
        return !full && number < range.segments().size();
    }

    private int take(Segment segment) {
        log.use(segment);
        BatchCursor cursor = segment.cursor();
        cursor.moveTo(position);
        position = cursor.nextPosition();
        if (cursor.lastOffset() < range.dirtyOffset() || !isVisible(cursor)) {
            return cursor.size();
        }
        try {
            Record first = RecordWalk.firstWithKeys(cursor.copy(), item -> !note(item));
            if (first != null) {
                full = true;
                endOffset = first.offset();
            }
        } catch (InvalidRecordException e) {
            // The batch stays whole, so what was noted of it is there.
        }
        return cursor.size();
    }

    /** Records of aborted transactions supersede nothing. */
    private boolean isVisible(BatchCursor cursor) {
        ByteBuffer buffer = cursor.buffer();
        int at = cursor.at();
        return !BatchHeader.isControl(buffer, at)
                && !(BatchHeader.isTransactional(buffer, at)
                        && aborted.contains(BatchHeader.producerId(buffer, at), cursor.baseOffset()));
    }

    private boolean note(Record item) {
        return !item.hasKey() || item.offset() < range.dirtyOffset() || newest.put(item.key(), item.offset());
    }
}
