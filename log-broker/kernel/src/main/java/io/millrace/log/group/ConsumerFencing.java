package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Takes members out of consumer groups: those that leave, and those that are not heard of any more. */
final class ConsumerFencing {

    /** When to try again what the log did not take. */
    private static final int RETRY_MS = 500;

    private record RetryKey(String groupId, String memberId) {}

    private final GroupTable groups;
    private final Deadlines deadlines;
    private final GroupEpochs epochs;
    private final Downgrade downgrade;

    ConsumerFencing(GroupTable groups, Deadlines deadlines, GroupEpochs epochs, Downgrade downgrade) {
        this.groups = groups;
        this.deadlines = deadlines;
        this.epochs = epochs;
        this.downgrade = downgrade;
    }

    /** Takes a member out of which nothing was heard in time; tries again if the log does not take that. */
    Decision fence(String groupId, String memberId, long nowMs) {
        ConsumerGroup group = groups.consumer(groupId);
        if (group == null || group.member(memberId) == null) {
            return Decision.NOTHING;
        }
        return remove(group, List.of(memberId), nowMs, new Retry(groupId, memberId));
    }

    /** The same, unless the member has moved on from the epoch in which it had to do something. */
    Decision fenceIfIn(String groupId, String memberId, int epoch, long nowMs) {
        ConsumerGroup group = groups.consumer(groupId);
        ConsumerMember member = group == null ? null : group.member(memberId);
        return member != null && member.current().epoch() == epoch ? fence(groupId, memberId, nowMs) : Decision.NOTHING;
    }

    /**
     * Takes members out, all or none, and moves the group to its next epoch, or makes a classic group of it. If nobody
     * is left, that is all there is to assign, and the log keeps when it was: offsets live on from then.
     */
    Decision remove(ConsumerGroup group, Collection<String> memberIds, long nowMs, Outcome then) {
        return downgrade.isDue(group, memberIds)
                ? downgrade.decide(group, memberIds, nowMs, then)
                : new Decision(removal(group, memberIds, nowMs), then);
    }

    private List<CoordinatorRecord> removal(ConsumerGroup group, Collection<String> memberIds, long nowMs) {
        ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
        memberIds.forEach(draft::remove);
        RegexSubscriptions.removeUnused(draft);
        epochs.next(draft);
        if (draft.group().isEmpty()) {
            draft.writeTargetEpoch(nowMs);
        }
        return draft.records();
    }

    private final class Retry implements Outcome {
        private final String groupId;
        private final String memberId;

        Retry(String groupId, String memberId) {
            this.groupId = groupId;
            this.memberId = memberId;
        }

        @Override
        public Decision committed(long nowMs) {
            return Decision.NOTHING;
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            deadlines.set(
                    new RetryKey(groupId, memberId), nowMs + RETRY_MS, firedMs -> fence(groupId, memberId, firedMs));
            return Decision.NOTHING;
        }
    }
}
