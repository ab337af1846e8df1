package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.GroupConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Forgets offsets that nobody has used for long, and groups that have neither members nor offsets (KIP-211).
 *
 * <p>Offsets expire only in groups without members: {@code offsets.retention.minutes} after the last member left or the
 * offset was committed, whichever came later. A commit of OffsetCommit 2 to 4 may bring a time of its own. What an open
 * transaction has brought keeps the partition's offset, and the group. Each look writes a bounded number of records;
 * what is left over waits for the next.
 */
final class OffsetExpiry {

    private static final int RECORDS_MAX = 1000;

    private enum Key {
        NEXT_LOOK
    }

    private final GroupConfig config;
    private final GroupTable groups;
    private final Deadlines deadlines;

    OffsetExpiry(GroupConfig config, GroupTable groups, Deadlines deadlines) {
        this.config = config;
        this.groups = groups;
        this.deadlines = deadlines;
    }

    /** Looks again and again from now on. */
    void start(long nowMs) {
        deadlines.set(Key.NEXT_LOOK, nowMs + config.offsetsRetentionCheckMs(), this::look);
    }

    private Decision look(long nowMs) {
        List<CoordinatorRecord> records = new ArrayList<>();
        for (ClassicGroup group : groups.all()) {
            if (records.size() < RECORDS_MAX && group.isDeserted()) {
                expire(group, nowMs, records);
            }
        }
        start(nowMs);
        return records.isEmpty() ? Decision.NOTHING : Decision.write(records);
    }

    private void expire(ClassicGroup group, long nowMs, List<CoordinatorRecord> records) {
        boolean[] allGone = {groups.offsets().pending().of(group.id()).isEmpty()};
        groups.offsets()
                .of(group.id())
                .forEach((topic, partitions) -> partitions.forEach((index, committed) -> {
                    boolean pending = groups.offsets().isPending(group.id(), topic, index);
                    if (isExpired(group, committed, nowMs) && !pending && records.size() < RECORDS_MAX) {
                        records.add(GroupRecordCodec.offsetTombstone(group.id(), topic, index));
                    } else {
                        allGone[0] = false;
                    }
                }));
        if (allGone[0]) {
            records.add(GroupRecordCodec.groupTombstone(group.id()));
        }
    }

    private boolean isExpired(ClassicGroup group, CommittedOffset committed, long nowMs) {
        if (committed.expireTimestampMs() != CommittedOffset.NO_EXPIRY) {
            return nowMs >= committed.expireTimestampMs();
        }
        long lastUsedMs = group.protocolType() == null
                ? committed.commitTimestampMs()
                : Math.max(group.stateTimestampMs(), committed.commitTimestampMs());
        return nowMs - lastUsedMs >= config.offsetsRetentionMs();
    }
}
