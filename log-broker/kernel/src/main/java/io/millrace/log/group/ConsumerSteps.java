package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The steps of {@link ConsumerHeartbeatDecisions}, each on the draft of the group's change. */
final class ConsumerSteps {

    private final ConsumerGroupSettings settings;
    private final GroupEpochs epochs;
    private final RegexSubscriptions regexes;
    private final ConsumerSessions sessions;

    ConsumerSteps(
            ConsumerGroupSettings settings, GroupEpochs epochs, RegexSubscriptions regexes, ConsumerSessions sessions) {
        this.settings = settings;
        this.epochs = epochs;
        this.regexes = regexes;
        this.sessions = sessions;
    }

    /** The member that speaks; one that has just come is unknown, or stands where the static member before it stood. */
    static ConsumerMember seat(ConsumerGroupDraft draft, String memberId, @Nullable String instanceId) {
        ConsumerGroup group = draft.group();
        ConsumerMember same = group.member(memberId);
        ConsumerMember previous = group.staticMember(instanceId);
        if (previous == null) {
            return same == null ? ConsumerMember.unknown(memberId) : same;
        }
        if (previous.id().equals(memberId) && previous.current().epoch() >= 0) {
            return previous;
        }
        ConsumerMember successor = previous.successor(memberId);
        SortedSet<PartitionId> target = group.target(previous.id());
        if (!previous.id().equals(memberId)) {
            draft.remove(previous.id());
        }
        draft.writeProfile(successor);
        draft.write(new ConsumerGroupRecord.Target(draft.groupId(), memberId, target));
        draft.writeCurrent(successor);
        return successor;
    }

    /** Takes in what the member wants, and which topics there are; whether it is to read others than before. */
    boolean subscribe(ConsumerGroupDraft draft, ConsumerMember before, ConsumerMember after, long nowMs) {
        if (!after.profile().equals(before.profile())) {
            draft.writeProfile(after);
            RegexSubscriptions.removeUnused(draft);
        }
        boolean changed = regexes.refresh(draft, nowMs) || !after.subscription().wantsSame(before.subscription());
        if (changed) {
            epochs.next(draft);
        } else {
            epochs.nextIfTopicsChanged(draft);
        }
        return changed;
    }

    /** Computes targets if they are not for the group's epoch, but no oftener than the group allows. */
    void computeTargetsIfDue(ConsumerGroupDraft draft, long nowMs) {
        ConsumerGroup group = draft.group();
        long lastMs = group.targetTimestampMs();
        int intervalMs = settings.assignmentIntervalMs(group.id());
        if (!group.hasTargets() || intervalMs == 0 || nowMs >= lastMs + intervalMs) {
            computeTargets(draft, nowMs);
        }
    }

    void computeTargets(ConsumerGroupDraft draft, long nowMs) {
        ConsumerGroup group = draft.group();
        if (group.targetEpoch() < group.epoch()) {
            Targets.compute(draft, settings.image(), settings.defaultAssignor(), nowMs);
        }
    }

    Reconciler reconciler(
            ConsumerGroup group, ConsumerMember member, int spokenEpoch, @Nullable Set<PartitionId> owned) {
        return new Reconciler(
                group.targetEpoch(),
                group.target(member.id()),
                Targets.topicIds(group, member, settings.image()),
                spokenEpoch,
                group::isHeld,
                owned);
    }

    ConsumerMember reconcile(
            ConsumerGroupDraft draft, ConsumerMember member, Reconciler reconciler, boolean changed, long nowMs) {
        if (!changed && member.current().isReconciledTo(reconciler.targetEpoch())) {
            return member;
        }
        CurrentAssignment next = reconciler.next(member.current(), changed);
        if (next.equals(member.current())) {
            return member;
        }
        ConsumerMember moved = member.with(next);
        draft.writeCurrent(moved);
        if (next.state() == Reconciliation.UNREVOKED_PARTITIONS && !moved.isClassic()) {
            sessions.awaitRevocation(draft.groupId(), moved, nowMs);
        } else {
            sessions.revoked(draft.groupId(), moved.id());
        }
        return moved;
    }
}
