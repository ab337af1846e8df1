package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Brings one member towards its target (KIP-848): first it gives up what it may not keep, and only when it has said
 * that it does not read that any more, it moves on to the target's epoch and is given what nobody else holds. So no
 * partition ever has two owners.
 *
 * @param targetEpoch the epoch to reach
 * @param target what the member is to read in that epoch
 * @param subscribed the topics that it wants; what its target holds beside them is none of its own
 * @param spokenEpoch in which the member speaks: an earlier one than it is in, if the answers that told it got lost
 * @param heldByAnyone whether any member, this one too, may still read a partition
 * @param owned what the member said it reads; null if it did not say
 */
record Reconciler(
        int targetEpoch,
        SortedSet<PartitionId> target,
        Set<Uuid> subscribed,
        int spokenEpoch,
        Predicate<PartitionId> heldByAnyone,
        @Nullable Set<PartitionId> owned) {

    /**
     * What the member holds from now on; {@code current} itself if nothing changes.
     *
     * @param subscriptionChanged whether the member wants other topics than it did: it must not keep the rest until
     *     there is a target for that
     */
    CurrentAssignment next(CurrentAssignment current, boolean subscriptionChanged) {
        return switch (current.state()) {
            case STABLE -> {
                if (current.epoch() != targetEpoch) {
                    yield towardsTarget(current, current.epoch());
                }
                yield subscriptionChanged ? withoutOtherTopics(current) : current;
            }
            case UNREVOKED_PARTITIONS -> {
                if (!stillOwnsAnyOf(current.revoking())) {
                    yield towardsTarget(current, current.epoch());
                }
                yield subscriptionChanged ? withoutOtherTopics(current) : current;
            }
            case UNRELEASED_PARTITIONS -> towardsTarget(current, current.epoch());
            case UNKNOWN -> towardsTarget(current, targetEpoch);
        };
    }

    /** A member in a state that nobody here knows may go on only if it owns nothing. */
    boolean mustBeFenced(CurrentAssignment current) {
        return current.state() == Reconciliation.UNKNOWN && (owned == null || !owned.isEmpty());
    }

    private CurrentAssignment step(
            int epoch,
            Reconciliation state,
            SortedMap<PartitionId, Integer> assigned,
            SortedMap<PartitionId, Integer> revoking) {
        return new CurrentAssignment(epoch, spokenEpoch, state, assigned, revoking);
    }

    private boolean stillOwnsAnyOf(Map<PartitionId, Integer> partitions) {
        return owned == null || owned.stream().anyMatch(partitions::containsKey);
    }

    private boolean isWanted(PartitionId partition) {
        return subscribed.contains(partition.topic());
    }

    /** @param epoch in which the member stays as long as it has something to give up */
    private CurrentAssignment towardsTarget(CurrentAssignment current, int epoch) {
        SortedMap<PartitionId, Integer> kept = new TreeMap<>();
        SortedMap<PartitionId, Integer> lost = new TreeMap<>();
        current.assigned().forEach((partition, since) -> {
            boolean stays = target.contains(partition) && isWanted(partition);
            (stays ? kept : lost).put(partition, since);
        });
        if (!lost.isEmpty() && stillOwnsAnyOf(lost)) {
            return step(epoch, Reconciliation.UNREVOKED_PARTITIONS, kept, lost);
        }
        boolean unreleased = false;
        for (PartitionId each : target) {
            if (kept.containsKey(each) || !isWanted(each)) {
                continue;
            }
            // What the member itself was about to give up is its own again.
            if (heldByAnyone.test(each) && !current.revoking().containsKey(each)) {
                unreleased = true;
            } else {
                kept.put(each, targetEpoch);
            }
        }
        Reconciliation reached = unreleased ? Reconciliation.UNRELEASED_PARTITIONS : Reconciliation.STABLE;
        CurrentAssignment next = step(targetEpoch, reached, kept, Collections.emptySortedMap());
        return isSame(current, next) ? current : next;
    }

    /** Waiting on is no step: the epoch that the member came from is still to be remembered. */
    private static boolean isSame(CurrentAssignment current, CurrentAssignment next) {
        return current.epoch() == next.epoch()
                && current.state() == next.state()
                && current.assigned().equals(next.assigned())
                && current.revoking().equals(next.revoking());
    }

    private CurrentAssignment withoutOtherTopics(CurrentAssignment current) {
        SortedMap<PartitionId, Integer> kept = new TreeMap<>();
        SortedMap<PartitionId, Integer> lost = new TreeMap<>(current.revoking());
        current.assigned().forEach((partition, since) -> (isWanted(partition) ? kept : lost).put(partition, since));
        if (kept.size() == current.assigned().size()) {
            return current;
        }
        if (stillOwnsAnyOf(lost)) {
            return step(current.epoch(), Reconciliation.UNREVOKED_PARTITIONS, kept, lost);
        }
        return step(current.epoch(), current.state(), kept, current.revoking());
    }
}
