package io.millrace.log.group;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups and the offsets of one coordinator. A group with offsets is always in the table. */
final class GroupTable {

    private final Map<String, ClassicGroup> groups = new TreeMap<>();
    private final Offsets offsets = new Offsets();

    Offsets offsets() {
        return offsets;
    }

    @Nullable
    ClassicGroup find(String groupId) {
        return groups.get(groupId);
    }

    ClassicGroup findOrCreate(String groupId, long nowMs) {
        return groups.computeIfAbsent(groupId, id -> new ClassicGroup(id, nowMs));
    }

    void put(ClassicGroup group) {
        groups.put(group.id(), group);
    }

    /** All groups in the order of their names, as they are now. */
    Collection<ClassicGroup> all() {
        return List.copyOf(groups.values());
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
}
