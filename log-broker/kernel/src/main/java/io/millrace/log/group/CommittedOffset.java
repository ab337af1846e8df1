package io.millrace.log.group;

import org.apache.kafka.common.Uuid;

/**
 * A group's position in one partition.
 *
 * @param leaderEpoch of the last record consumed (KIP-320); -1 if the client did not say
 * @param metadata the client's own note; never null, empty if it gave none
 * @param expireTimestampMs when a client of OffsetCommit 2 to 4 wants it gone; -1 to follow the broker's retention
 * @param topicId of the topic that had the name when the offset was committed; the zero id if the record does not say
 * @param recordOffset where its record stands in the coordinator's log: of two, the later one counts; -1 before it is
 *     written
 */
record CommittedOffset(
        long offset,
        int leaderEpoch,
        String metadata,
        long commitTimestampMs,
        long expireTimestampMs,
        Uuid topicId,
        long recordOffset) {

    static final int NO_LEADER_EPOCH = -1;
    static final long NO_EXPIRY = -1;
    private static final long NOT_WRITTEN = -1;

    CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs) {
        this(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, Uuid.ZERO_UUID, NOT_WRITTEN);
    }

    CommittedOffset inTopic(Uuid id) {
        return new CommittedOffset(
                offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, id, recordOffset);
    }

    /** Whether this can be an offset in the topic of this id: it is not known to be in another one of the same name. */
    boolean mayBeIn(Uuid id) {
        return id.equals(Uuid.ZERO_UUID) || topicId.equals(Uuid.ZERO_UUID) || topicId.equals(id);
    }

    CommittedOffset writtenAt(long place) {
        return new CommittedOffset(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, topicId, place);
    }
}
