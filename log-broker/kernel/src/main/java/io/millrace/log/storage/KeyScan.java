package io.millrace.log.storage;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.RecordWalk;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.internal.Record;

/** The first part of a pass of compaction: finds the newest offset of each key, from the first dirty record on. */
final class KeyScan {

    private static final int STEP_BYTES = 256 * 1024;

    private final LogState log;
    private final CleanableRange range;
    private final OffsetMap newest;
    private int number;
    private int position;
    private long endOffset;
    private boolean full;

    KeyScan(LogState log, CleanableRange range, OffsetMap newest) {
        this.log = log;
        this.range = range;
        this.newest = newest;
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
        boolean control = BatchHeader.isControl(cursor.buffer(), cursor.at());
        if (control || cursor.lastOffset() < range.dirtyOffset()) {
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

    private boolean note(Record item) {
        return !item.hasKey() || item.offset() < range.dirtyOffset() || newest.put(item.key(), item.offset());
    }
}
