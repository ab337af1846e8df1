package io.millrace.log.storage;

import io.millrace.log.disk.Region;

/** What {@link PartitionLog#read} found. */
public sealed interface ReadOutcome {

    /**
     * Whole stored batches, the first of which holds the offset asked for: it may begin below it.
     *
     * @param region the batches as they were stored; released by whoever sends them
     * @param baseOffset of the first batch
     * @param nextOffset the offset after the last record
     */
    record Records(Region region, long baseOffset, long nextOffset) implements ReadOutcome {}

    /** Nothing at this offset yet, nothing of it below the bound, or no whole batch fits. */
    record Empty() implements ReadOutcome {}

    /** The offset is below the log's start or above its end: OFFSET_OUT_OF_RANGE. */
    record OutOfRange(long logStartOffset, long logEndOffset) implements ReadOutcome {}
}
