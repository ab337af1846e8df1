package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Expiry;
import io.millrace.log.metadata.GroupConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Forgets offsets that nobody has used for long, and groups that have neither members nor offsets (KIP-211).
 *
 * <p>Offsets expire only in groups without members: {@code offsets.retention.minutes} after the last member left or the
 * offset was committed, whichever came later. A commit of OffsetCommit 2 to 4 may bring a time of its own. What an open
 * transaction has brought keeps the partition's offset, and the group.
 */
final class OffsetExpiry implements Expiry.Look {

    private final GroupConfig config;
    private final GroupTable groups;

    OffsetExpiry(GroupConfig config, GroupTable groups) {
        this.config = config;
        this.groups = groups;
    }

    @Override
    public List<CoordinatorRecord> expired(long nowMs) {
        List<CoordinatorRecord> records = new ArrayList<>();
        for (ClassicGroup group : groups.all()) {
            if (records.size() < Expiry.RECORDS_MAX && group.isDeserted()) {
                boolean keepsUse = group.protocolType() != null;
                expire(group.id(), keepsUse ? group.stateTimestampMs() : 0, nowMs, records);
            }
        }
        for (ConsumerGroup group : groups.allConsumers()) {
            if (records.size() < Expiry.RECORDS_MAX && group.isEmpty()) {
                expire(group.id(), group.targetTimestampMs(), nowMs, records);
            }
        }
        return records;
    }

    /** @param lastUsedMs when the group had its last member; 0 if it never had one, or that is not known */
    private void expire(String groupId, long lastUsedMs, long nowMs, List<CoordinatorRecord> records) {
        boolean[] allGone = {groups.offsets().pending().of(groupId).isEmpty()};
        groups.offsets()
                .of(groupId)
                .forEach((topic, partitions) -> partitions.forEach((index, committed) -> {
                    boolean pending = groups.offsets().isPending(groupId, topic, index);
                    if (isExpired(committed, lastUsedMs, nowMs) && !pending && records.size() < Expiry.RECORDS_MAX) {
                        records.add(GroupRecordCodec.offsetTombstone(groupId, topic, index));
                    } else {
                        allGone[0] = false;
                    }
                }));
        if (allGone[0]) {
            records.addAll(groups.tombstones(groupId));
        }
    }

    private boolean isExpired(CommittedOffset committed, long lastUsedMs, long nowMs) {
        if (committed.expireTimestampMs() != CommittedOffset.NO_EXPIRY) {
            return nowMs >= committed.expireTimestampMs();
        }
        return nowMs - Math.max(lastUsedMs, committed.commitTimestampMs()) >= config.offsetsRetentionMs();
    }
}
