package io.millrace.log.group;

import org.jspecify.annotations.Nullable;

/** A record of {@code __consumer_offsets}, as far as this coordinator knows them. */
sealed interface GroupRecord permits GroupRecord.Offset, GroupRecord.Group, GroupRecord.Unknown, ConsumerGroupRecord {

    /** @param committed null for a tombstone */
    record Offset(
            String groupId,
            String topic,
            int partition,
            @Nullable CommittedOffset committed) implements GroupRecord {}

    /** @param stored null for a tombstone */
    record Group(String groupId, @Nullable StoredGroup stored) implements GroupRecord {}

    /** A record of a kind that a later version, or another broker, wrote. */
    record Unknown(short keyVersion) implements GroupRecord {}
}
