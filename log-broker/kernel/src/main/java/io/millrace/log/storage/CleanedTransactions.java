package io.millrace.log.storage;

import io.millrace.log.record.BatchFilter;
import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the transactions of a log through one pass of compaction, which sees every batch from the first of the log
 * on, in order: of an aborted one nothing stays, and a marker is of use as long as a batch of its transaction is there.
 */
final class CleanedTransactions {

    private final AbortedRanges aborted;
    /** Producers of which a batch was seen since their last marker. */
    private final Set<Long> withBatches = new LinkedHashSet<>();

    CleanedTransactions(AbortedRanges aborted) {
        this.aborted = aborted;
    }

    /** The transaction that the marker at an offset aborted; null if it aborted none. */
    @Nullable
    AbortedTransaction endedBy(long markerOffset) {
        return aborted.endedBy(markerOffset);
    }

    /** What the next batch is to compaction. */
    BatchFilter.Kind next(ByteBuffer batch, int at) {
        long producerId = BatchHeader.producerId(batch, at);
        if (BatchHeader.isControl(batch, at)) {
            return withBatches.remove(producerId) ? BatchFilter.Kind.MARKER : BatchFilter.Kind.MARKER_OF_NOTHING;
        }
        if (!BatchHeader.isTransactional(batch, at)) {
            return BatchFilter.Kind.RECORDS;
        }
        withBatches.add(producerId);
        return aborted.contains(producerId, BatchHeader.baseOffset(batch, at))
                ? BatchFilter.Kind.ABORTED
                : BatchFilter.Kind.RECORDS;
    }
}
