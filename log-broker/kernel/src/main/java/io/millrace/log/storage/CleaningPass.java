package io.millrace.log.storage;

import io.millrace.log.record.BatchFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass of compaction over a range of segments: first the keys are read, then groups of neighbours that fit into one
 * segment are each written anew as one.
 */
final class CleaningPass {

    private final LogState log;
    private final CleanableRange range;
    private final long nowMillis;
    private final KeyScan keys;
    private final CleanedTransactions transactions;
    private @Nullable Deque<List<Segment>> groups;
    private @Nullable SegmentRewrite rewrite;
    private CleanerCheckpoint checkpoint;

    CleaningPass(LogState log, CleanerCheckpoint checkpoint, CleanableRange range, long nowMillis) {
        this.log = log;
        this.checkpoint = checkpoint;
        this.range = range;
        this.nowMillis = nowMillis;
        AbortedRanges aborted = new AbortedRanges(abortedIn(log, range));
        this.keys =
                new KeyScan(log, range, new OffsetMap(log.config().compaction().keysMax()), aborted);
        this.transactions = new CleanedTransactions(aborted);
    }

    /** A transaction may end behind the range: the log, and not the range, tells. */
    private static List<AbortedTransaction> abortedIn(LogState log, CleanableRange range) {
        long below = range.segments().getLast().nextOffset();
        return new LogReader(log)
                .abortedTransactions(range.segments().getFirst().baseOffset(), below);
    }

    /** How far compaction came, as it is on file. */
    CleanerCheckpoint checkpoint() {
        return checkpoint;
    }

    /** False once segments that the pass has still to read were deleted. */
    boolean isValid() {
        SegmentRewrite current = rewrite;
        if (current != null) {
            return log.segments().contains(current.first());
        }
        Deque<List<Segment>> left = groups;
        if (left != null) {
            return left.isEmpty() || log.segments().contains(left.getFirst().getFirst());
        }
        return log.segments().contains(range.segments().getFirst());
    }

    /** A small piece of work; false if nothing is left but to {@link #finish}. */
    boolean step() {
        Deque<List<Segment>> left = groups;
        if (left == null) {
            if (!keys.step()) {
                groups = groupsBelow(keys.endOffset());
            }
            return true;
        }
        SegmentRewrite current = rewrite;
        if (current == null) {
            if (left.isEmpty()) {
                return false;
            }
            rewrite = new SegmentRewrite(log, left.removeFirst(), filter(), transactions);
            return true;
        }
        if (!current.step()) {
            putInPlace(current);
            rewrite = null;
        }
        return true;
    }

    private BatchFilter filter() {
        OffsetMap newest = keys.newest();
        return new BatchFilter(
                (key, offset) -> offset >= newest.get(key),
                keys.endOffset(),
                nowMillis,
                log.config().compaction().tombstoneMillis());
    }

    private void putInPlace(SegmentRewrite done) {
        if (!done.isChanged()) {
            done.abandon();
            return;
        }
        CleanerCheckpoint replacing = checkpoint.replacing(done.first().baseOffset(), done.endOffset());
        replacing.write(log.directory());
        checkpoint = replacing;
        done.distrustTransactions();
        log.checkpoint();
        done.putInPlace();
    }

    /** Neighbours that together are no larger than a segment may be. */
    private Deque<List<Segment>> groupsBelow(long endOffset) {
        Deque<List<Segment>> found = new ArrayDeque<>();
        long bytes = 0;
        for (Segment segment : range.segments()) {
            if (segment.baseOffset() >= endOffset) {
                break;
            }
            bytes += segment.size();
            if (found.isEmpty()
                    || bytes > log.config().segment().bytesMax()
                    || segment.nextOffset() - found.getLast().getFirst().baseOffset() > Integer.MAX_VALUE) {
                found.add(new ArrayList<>());
                bytes = segment.size();
            }
            found.getLast().add(segment);
        }
        return found;
    }

    /** Records what was cleaned, when every segment is in place. */
    CleanerCheckpoint finish() {
        CleanerCheckpoint done = checkpoint.cleaned(keys.endOffset());
        done.write(log.directory());
        log.directory().sync();
        return done;
    }

    void abandon() {
        SegmentRewrite current = rewrite;
        if (current != null) {
            rewrite = null;
            current.abandon();
        }
    }
}
