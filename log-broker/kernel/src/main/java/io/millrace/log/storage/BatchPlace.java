package io.millrace.log.storage;

/** Result of a search in a segment, reused from search to search. */
final class BatchPlace {

    /** Where the batch begins in the segment's file. */
    int position;

    long baseOffset;

    void set(int newPosition, long newBaseOffset) {
        position = newPosition;
        baseOffset = newBaseOffset;
    }
}
