package io.millrace.log.storage;

/**
 * A boundary between batches below which everything is durable and was found good: recovery begins here.
 *
 * @param offset of the first record not covered
 * @param segment base offset of the segment in which it lies
 * @param position where it lies in the segment's file
 * @param maxTimestamp the largest timestamp of the records of this segment below it, or -1
 */
record RecoveryPoint(long offset, long segment, int position, long maxTimestamp) {

    /** The beginning of a segment. */
    static RecoveryPoint startOf(long segment) {
        return new RecoveryPoint(segment, segment, 0, -1);
    }
}
