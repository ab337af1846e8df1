package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member of a {@link ConsumerGroup} holds. Immutable.
 *
 * @param epoch in which the member is: 0 for one that joins, -1 for one that goes, {@link #LEFT_STATIC_EPOCH}
 * @param previousEpoch in which it spoke last before it came here: it may speak from there again if answers got lost
 * @param assigned the partitions it may read, each with the epoch in which it was given: older commits are stale
 * @param revoking the partitions it has to give up but may still read, likewise
 */
record CurrentAssignment(
        int epoch,
        int previousEpoch,
        Reconciliation state,
        SortedMap<PartitionId, Integer> assigned,
        SortedMap<PartitionId, Integer> revoking) {

    /** The epoch of a static member that said it would be back within its session timeout. */
    static final int LEFT_STATIC_EPOCH = -2;

    /** The epoch of a member that leaves for good. */
    static final int LEFT_EPOCH = -1;

    private static final SortedMap<PartitionId, Integer> NONE = Collections.emptySortedMap();

    /** Of a member that has just come. */
    static final CurrentAssignment JOINING = new CurrentAssignment(0, -1, Reconciliation.STABLE, NONE, NONE);

    /** Of a member that is on its way out. */
    static final CurrentAssignment LEAVING =
            new CurrentAssignment(LEFT_EPOCH, LEFT_EPOCH, Reconciliation.STABLE, NONE, NONE);

    CurrentAssignment {
        assigned = Collections.unmodifiableSortedMap(assigned);
        revoking = Collections.unmodifiableSortedMap(revoking);
    }

    boolean isReconciledTo(int targetEpoch) {
        return state == Reconciliation.STABLE && epoch == targetEpoch;
    }

    boolean holds(PartitionId partition) {
        return assigned.containsKey(partition) || revoking.containsKey(partition);
    }

    boolean holdsAll(Collection<PartitionId> partitions) {
        return partitions.stream().allMatch(this::holds);
    }

    /** What is left to whoever takes this member's place, which begins in epoch 0. */
    CurrentAssignment inherited() {
        return new CurrentAssignment(0, 0, state, assigned, revoking);
    }

    /** The member will be back. What it reads stays its own, as given in epoch 0: its next id is not known yet. */
    CurrentAssignment leftForNow() {
        SortedMap<PartitionId, Integer> kept = new TreeMap<>();
        assigned.keySet().forEach(each -> kept.put(each, 0));
        return new CurrentAssignment(LEFT_STATIC_EPOCH, previousEpoch, state, kept, NONE);
    }
}
