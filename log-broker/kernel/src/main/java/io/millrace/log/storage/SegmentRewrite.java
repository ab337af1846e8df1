package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchFilter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes a group of neighbouring segments anew as one, beside them, and puts it in their place.
 *
 * <p><b>Crash safety.</b> The new file has a temporary name, which recovery deletes, until all of it is synced. It then
 * takes the name of the group's first segment, in one step: before and after it the log is whole. Only when that name
 * is durable are the other segments deleted; those that a crash leaves are told by the {@link CleanerCheckpoint}, since
 * the new segment reaches into them. One into which it does not reach is a segment that was not cleaned.
 */
final class SegmentRewrite {

    private static final int STEP_BYTES = 256 * 1024;

    private final LogState log;
    private final List<Segment> group;
    private final BatchFilter filter;
    private final CleanedTransactions transactions;
    private final String temporary;
    private final DiskFile file;
    private final Segment cleaned;
    private int number;
    private int position;
    private boolean changed;

    /**
     * @param transactions has followed the log up to the first segment of the group
     */
    SegmentRewrite(LogState log, List<Segment> group, BatchFilter filter, CleanedTransactions transactions) {
        this.log = log;
        this.group = group;
        this.filter = filter;
        this.transactions = transactions;
        this.temporary = LogDirectory.temporary(first().path());
        this.changed = group.size() > 1;
        this.cleaned = Segment.cleaned(
                log.directory(), first().baseOffset(), log.config().segment().indexIntervalBytes());
        log.directory().disk().delete(temporary);
        this.file = log.directory().disk().open(temporary);
    }

    Segment first() {
        return group.getFirst();
    }

    long endOffset() {
        return group.getLast().nextOffset();
    }

    /** Whether there is anything to put in place. */
    boolean isChanged() {
        return changed;
    }

    /** Writes and syncs some batches; false once all are written. */
    boolean step() {
        int left = STEP_BYTES;
        while (left > 0 && number < group.size()) {
            Segment segment = group.get(number);
            if (position >= segment.size()) {
                number++;
                position = 0;
            } else {
                left -= take(segment);
            }
        }
        file.sync();
        return number < group.size();
    }

    private int take(Segment segment) {
        log.use(segment);
        BatchCursor cursor = segment.cursor();
        cursor.moveTo(position);
        position = cursor.nextPosition();
        ByteBuffer batch = cursor.copy();
        BatchFilter.Kind kind = transactions.next(batch, 0);
        if (kind == BatchFilter.Kind.MARKER) {
            keepAborted(cursor.lastOffset());
        }
        ByteBuffer left = filter.apply(batch, kind, isLastOfProducer(batch));
        changed |= !left.equals(batch);
        if (left.hasRemaining()) {
            file.append(left.duplicate());
            cleaned.note(left, left.position());
        }
        return batch.remaining();
    }

    /** A marker stays, and with it what the index says of its transaction. */
    private void keepAborted(long markerOffset) {
        AbortedTransaction aborted = transactions.endedBy(markerOffset);
        if (aborted != null) {
            cleaned.transactions().add(aborted);
        }
    }

    /** To be called before the log's checkpoint is written: from then on the indexes of the group may be wrong. */
    void distrustTransactions() {
        if (group.stream().anyMatch(segment -> segment.transactions().mayHaveEntries())) {
            first().transactions().distrust();
        }
    }

    /** Without it the producer's sequence would be lost to a recovery that scans. */
    private boolean isLastOfProducer(ByteBuffer batch) {
        return log.producers().isLast(batch, 0);
    }

    /** To be called when the checkpoints that recovery needs are durable. */
    void putInPlace() {
        file.close();
        cleaned.endAt(endOffset());
        try {
            log.directory().disk().rename(temporary, first().path());
            log.replace(group, cleaned);
            log.directory().sync();
            log.deleteReplaced(group.subList(1, group.size()));
            cleaned.storeIndexes();
        } catch (DiskFailure e) {
            // It is not known which names stand: as they may differ from what is in memory, nothing more is written.
            log.durability().fail(e);
            throw e;
        }
    }

    void abandon() {
        file.close();
        log.directory().disk().delete(temporary);
    }
}
