package io.millrace.log.storage;

import java.util.ArrayList;
import java.util.List;

/** Finds stored batches by their offsets. */
final class LogReader {

    private static final ReadOutcome NOTHING = new ReadOutcome.Empty();

    private final LogState log;
    private final BatchPlace from = new BatchPlace();
    private final BatchPlace to = new BatchPlace();

    LogReader(LogState log) {
        this.log = log;
    }

    ReadOutcome read(long offset, int maxBytes, long belowOffset, boolean atLeastOneBatch) {
        long end = log.logEndOffset();
        if (offset < log.logStartOffset() || offset > end) {
            return new ReadOutcome.OutOfRange(log.logStartOffset(), end);
        }
        if (offset >= Math.min(belowOffset, end)) {
            return NOTHING;
        }
        Segment segment = findFrom(offset);
        if (from.baseOffset >= Math.min(belowOffset, end)) {
            return NOTHING;
        }
        segment.find(belowOffset, to);
        if (to.position - from.position > maxBytes) {
            cut(segment, Math.max(0, maxBytes), atLeastOneBatch);
        }
        int length = to.position - from.position;
        return length == 0
                ? NOTHING
                : new ReadOutcome.Records(segment.file().region(from.position, length), from.baseOffset, to.baseOffset);
    }

    List<AbortedTransaction> abortedTransactions(long from, long below) {
        List<AbortedTransaction> found = new ArrayList<>();
        List<Segment> segments = log.segments();
        for (Segment segment : segments.subList(segmentOf(from), segments.size())) {
            List<AbortedTransaction> ended =
                    segment.transactions().mayHaveEntries() ? log.abortedIn(segment) : List.of();
            for (AbortedTransaction each : ended) {
                if (each.lastOffset() >= from && each.firstOffset() < below) {
                    found.add(each);
                }
                if (each.lastStableOffset() >= below) {
                    return found;
                }
            }
        }
        return found;
    }

    private void cut(Segment segment, int maxBytes, boolean atLeastOneBatch) {
        to.set(from.position, from.baseOffset);
        segment.advance(to, from.position + maxBytes);
        if (to.position == from.position && atLeastOneBatch) {
            BatchCursor first = segment.cursor();
            first.moveTo(from.position);
            to.set(first.nextPosition(), first.lastOffset() + 1);
        }
    }

    /** The segment of the first batch that ends at or above the offset: compaction leaves gaps. */
    private Segment findFrom(long offset) {
        List<Segment> segments = log.segments();
        int number = segmentOf(offset);
        Segment segment = segments.get(number);
        log.use(segment);
        while (!segment.find(offset, from) && number < segments.size() - 1) {
            number++;
            segment = segments.get(number);
            log.use(segment);
        }
        return segment;
    }

    private int segmentOf(long offset) {
        List<Segment> segments = log.segments();
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
