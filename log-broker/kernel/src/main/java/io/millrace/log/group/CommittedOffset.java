package io.millrace.log.group;

/**
 * A group's position in one partition.
 *
 * @param leaderEpoch of the last record consumed (KIP-320); -1 if the client did not say
 * @param metadata the client's own note; never null, empty if it gave none
 * @param expireTimestampMs when a client of OffsetCommit 2 to 4 wants it gone; -1 to follow the broker's retention
 * @param recordOffset where its record stands in the coordinator's log: of two, the later one counts; -1 before it is
 *     written
 */
record CommittedOffset(
        long offset,
        int leaderEpoch,
        String metadata,
        long commitTimestampMs,
        long expireTimestampMs,
        long recordOffset) {

    static final int NO_LEADER_EPOCH = -1;
    static final long NO_EXPIRY = -1;
    private static final long NOT_WRITTEN = -1;

    CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs) {
        this(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, NOT_WRITTEN);
    }

    CommittedOffset writtenAt(long place) {
        return new CommittedOffset(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, place);
    }
}
