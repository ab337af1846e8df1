package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The groups and the offsets of one coordinator. An id is that of a classic group or of a consumer group, never of
 * both. A group with offsets is always in the table.
 */
final class GroupTable {

    private final Map<String, ClassicGroup> groups = new TreeMap<>();
    private final Map<String, ConsumerGroup> consumerGroups = new TreeMap<>();
    private final Offsets offsets = new Offsets();

    Offsets offsets() {
        return offsets;
    }

    /** The classic group of this id. */
    @Nullable
    ClassicGroup find(String groupId) {
        return groups.get(groupId);
    }

    /** The consumer group of this id. */
    @Nullable
    ConsumerGroup consumer(String groupId) {
        return consumerGroups.get(groupId);
    }

    boolean exists(String groupId) {
        return groups.containsKey(groupId) || consumerGroups.containsKey(groupId);
    }

    /** For an id that is not that of a consumer group. */
    ClassicGroup findOrCreate(String groupId, long nowMs) {
        return groups.computeIfAbsent(groupId, id -> new ClassicGroup(id, nowMs));
    }

    /** There is a group of this id, because offsets are committed to it: one that never had members, if need be. */
    void makeSure(String groupId, long nowMs) {
        if (consumer(groupId) == null) {
            findOrCreate(groupId, nowMs);
        }
    }

    /** Takes the place of whatever had its id. */
    void put(ClassicGroup group) {
        groups.put(group.id(), group);
        consumerGroups.remove(group.id());
    }

    /** All classic groups in the order of their names, as they are now. */
    Collection<ClassicGroup> all() {
        return List.copyOf(groups.values());
    }

    /** All consumer groups in the order of their names, as they are now. */
    Collection<ConsumerGroup> allConsumers() {
        return List.copyOf(consumerGroups.values());
    }

    void remove(ClassicGroup group, long nowMs) {
        group.become(GroupState.DEAD, nowMs);
        groups.remove(group.id());
    }

    /** Drops a group that never had a generation, nor an offset: someone knocked and did not come in. */
    void forgetIfInVain(ClassicGroup group, long nowMs) {
        if (group.isDeserted() && group.generation() == 0 && offsets.isEmpty(group.id())) {
            remove(group, nowMs);
        }
    }

    /** The records that end a group, whatever its kind; its offsets are another affair. */
    List<CoordinatorRecord> tombstones(String groupId) {
        ConsumerGroup group = consumer(groupId);
        if (group == null) {
            return List.of(GroupRecordCodec.groupTombstone(groupId));
        }
        ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
        draft.removeGroup();
        return draft.records();
    }

    /**
     * Takes in a record of a consumer group. Its first one makes the group, in place of a classic group of the same id:
     * only offsets are left of such a one.
     */
    void replay(ConsumerGroupRecord record) {
        ConsumerGroup group = consumerGroups.get(record.groupId());
        if (group == null) {
            if (record.isTombstone()) {
                return;
            }
            group = new ConsumerGroup(record.groupId());
            groups.remove(record.groupId());
            consumerGroups.put(record.groupId(), group);
        }
        if (record instanceof ConsumerGroupRecord.Epoch && record.isTombstone()) {
            consumerGroups.remove(record.groupId());
        } else {
            group.apply(record);
        }
    }

    /** The consumer groups, of which all stands in the log, and all offsets. */
    @Override
    public String toString() {
        return "consumer groups " + consumerGroups.values() + " offsets " + offsets;
    }
}
