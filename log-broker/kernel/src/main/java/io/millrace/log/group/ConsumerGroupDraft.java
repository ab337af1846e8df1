package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of one consumer group in the making: records, and the group as it will be once they are replayed. The group
 * itself stays as it is; it is copied only if somebody looks at what a record changed.
 */
final class ConsumerGroupDraft {

    private final List<CoordinatorRecord> records = new ArrayList<>();
    private final List<ConsumerGroupRecord> unseen = new ArrayList<>();
    private ConsumerGroup group;
    private boolean isCopy;

    ConsumerGroupDraft(ConsumerGroup group) {
        this.group = group;
    }

    /** As it will be. Not to be kept: the next record may make another one. */
    ConsumerGroup group() {
        if (!unseen.isEmpty()) {
            if (!isCopy) {
                group = group.copy();
                isCopy = true;
            }
            unseen.forEach(group::apply);
            unseen.clear();
        }
        return group;
    }

    String groupId() {
        return group.id();
    }

    void write(ConsumerGroupRecord record) {
        records.add(ConsumerGroupRecordCodec.write(record));
        unseen.add(record);
    }

    /** A record that says nothing of the group itself. */
    void writeBeside(CoordinatorRecord record) {
        records.add(record);
    }

    void writeProfile(ConsumerMember member) {
        write(new ConsumerGroupRecord.Profile(groupId(), member.id(), member.profile()));
    }

    void writeCurrent(ConsumerMember member) {
        write(new ConsumerGroupRecord.Current(groupId(), member.id(), member.current()));
    }

    /** Targets are right for the group's epoch as of now. */
    void writeTargetEpoch(long nowMs) {
        write(new ConsumerGroupRecord.TargetEpoch(
                groupId(), new ConsumerGroupRecord.TargetEpoch.Value(group().epoch(), nowMs)));
    }

    /** In this order, a member lets go before it is gone. */
    void remove(String memberId) {
        write(new ConsumerGroupRecord.Current(groupId(), memberId, null));
        write(new ConsumerGroupRecord.Target(groupId(), memberId, null));
        write(new ConsumerGroupRecord.Profile(groupId(), memberId, null));
    }

    /** Everything of the group, at its end. */
    void removeGroup() {
        ConsumerGroup all = group();
        all.members().forEach(each -> remove(each.id()));
        write(new ConsumerGroupRecord.TargetEpoch(groupId(), null));
        all.regexes().keySet().forEach(each -> write(new ConsumerGroupRecord.Regex(groupId(), each, null)));
        write(new ConsumerGroupRecord.OldTopics(groupId(), true));
        write(new ConsumerGroupRecord.Epoch(groupId(), null));
    }

    List<CoordinatorRecord> records() {
        return records;
    }
}
