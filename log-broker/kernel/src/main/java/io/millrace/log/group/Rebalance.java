package io.millrace.log.group;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.GroupConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.Errors;

/**
 * How a classic group gets from one generation to the next, and when it does so by itself: the deadlines of sessions,
 * of the join phase and of the sync phase.
 *
 * <ol>
 *   <li>{@link #membersChanged}: PREPARING_REBALANCE; every member has to join again, within the longest rebalance
 *       timeout of them all. A group that was empty waits {@code group.initial.rebalance.delay.ms} for more, again and
 *       again while more come, up to the rebalance timeout.
 *   <li>{@link #endJoinPhase}: members that did not come are out, but for static ones; the leader is told who is in.
 *       COMPLETING_REBALANCE, or EMPTY when nobody is left.
 *   <li>The leader's SyncGroup brings the assignment ({@link SyncDecisions}): STABLE once it is committed.
 *   <li>Members that have not asked for their assignment within the rebalance timeout are out, and it begins again.
 * </ol>
 */
final class Rebalance {

    /**
     * As in Kafka: long enough for a client to sit out a rebalance, short enough to be rid of one that died waiting.
     */
    private static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

    private record SessionKey(String groupId, String memberId) {}

    private record JoinPhaseKey(String groupId) {}

    private record SyncPhaseKey(String groupId) {}

    private final GroupConfig config;
    private final Deadlines deadlines;
    private final GroupTable groups;

    Rebalance(GroupConfig config, Deadlines deadlines, GroupTable groups) {
        this.config = config;
        this.deadlines = deadlines;
        this.groups = groups;
    }

    /** Gives a member another session timeout to be heard of. */
    void keepAlive(ClassicGroup group, Member member, long nowMs) {
        startSession(group, member.id(), nowMs, member.timeouts().sessionMs());
    }

    /** Gives a member that has just come the time to be let in, which may take longer than its session. */
    void awaitAdmission(ClassicGroup group, Member member, long nowMs) {
        startSession(group, member.id(), nowMs, NEW_MEMBER_JOIN_TIMEOUT_MS);
    }

    /** Gives a client the time to come back with the id it was given. */
    void awaitPromised(ClassicGroup group, String memberId, long nowMs, int sessionTimeoutMs) {
        startSession(group, memberId, nowMs, sessionTimeoutMs);
    }

    void endSession(ClassicGroup group, String memberId) {
        deadlines.cancel(new SessionKey(group.id(), memberId));
    }

    /** Someone came, left, failed or changed: begins a rebalance, or ends the join phase if nobody is missing now. */
    Decision membersChanged(ClassicGroup group, long nowMs) {
        if (group.canRebalance()) {
            return begin(group, nowMs);
        }
        return endJoinPhaseIfAllJoined(group, nowMs);
    }

    /** In PREPARING_REBALANCE, and unless the group waits for more to come anyway. */
    Decision endJoinPhaseIfAllJoined(ClassicGroup group, long nowMs) {
        boolean over = group.is(GroupState.PREPARING_REBALANCE) && !group.isFirstRebalance() && group.allJoined();
        return over ? endJoinPhase(group, nowMs) : Decision.NOTHING;
    }

    /** From EMPTY, COMPLETING_REBALANCE or STABLE to PREPARING_REBALANCE, and on if all have joined. */
    Decision begin(ClassicGroup group, long nowMs) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            withdrawAssignment(group, nowMs, Errors.REBALANCE_IN_PROGRESS);
        }
        group.pendingSyncs().clear();
        deadlines.cancel(new SyncPhaseKey(group.id()));
        boolean first = group.is(GroupState.EMPTY);
        group.become(GroupState.PREPARING_REBALANCE, nowMs);
        if (first) {
            int delayMs = config.initialRebalanceDelayMs();
            awaitMore(group, nowMs, delayMs, Math.max(group.rebalanceTimeoutMs() - delayMs, 0));
            return Decision.NOTHING;
        }
        if (group.allJoined()) {
            return endJoinPhase(group, nowMs);
        }
        awaitJoins(group, nowMs);
        return Decision.NOTHING;
    }

    /** Begins a rebalance in a group that has just come out of a consumer group; does nothing in any other. */
    Decision assignIfNobodyLeads(ClassicGroup group, long nowMs) {
        if (!group.isWithoutLeader()) {
            return Decision.NOTHING;
        }
        group.members().forEach(each -> keepAlive(group, each, nowMs));
        return begin(group, nowMs);
    }

    /** Tells everyone who waits for an assignment that there is none in this generation. */
    void withdrawAssignment(ClassicGroup group, long nowMs, Errors error) {
        for (Member each : group.members()) {
            each.unassign();
            if (each.answerSync(GroupAnswers.syncFailed(error))) {
                keepAlive(group, each, nowMs);
            }
        }
    }

    /** A member of this generation has asked for its assignment. */
    void synced(ClassicGroup group, String memberId) {
        group.pendingSyncs().remove(memberId);
        if (group.pendingSyncs().isEmpty()) {
            deadlines.cancel(new SyncPhaseKey(group.id()));
        }
    }

    /** What a member is told that is in the group's current generation. */
    static JoinGroupResponseData joined(ClassicGroup group, Member member) {
        return new JoinGroupResponseData()
                .setMemberId(member.id())
                .setGenerationId(group.generation())
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setLeader(group.leaderIdOrEmpty())
                .setMembers(group.isLeader(member.id()) ? memberList(group) : List.of());
    }

    static List<JoinGroupResponseMember> memberList(ClassicGroup group) {
        return group.members().stream()
                .map(each -> new JoinGroupResponseMember()
                        .setMemberId(each.id())
                        .setGroupInstanceId(each.identity().instanceId())
                        .setMetadata(each.metadata(group.protocol())))
                .toList();
    }

    private void awaitMore(ClassicGroup group, long nowMs, int delayMs, int remainingMs) {
        deadlines.set(
                new JoinPhaseKey(group.id()),
                nowMs + delayMs,
                firedMs -> moreMayHaveCome(group, firedMs, delayMs, remainingMs));
    }

    private Decision moreMayHaveCome(ClassicGroup group, long nowMs, int delayMs, int remainingMs) {
        if (group.takeGrewWhileWaiting() && remainingMs > 0) {
            int nextDelayMs = Math.min(config.initialRebalanceDelayMs(), remainingMs);
            awaitMore(group, nowMs, nextDelayMs, Math.max(remainingMs - delayMs, 0));
            return Decision.NOTHING;
        }
        return endJoinPhase(group, nowMs);
    }

    private void awaitJoins(ClassicGroup group, long nowMs) {
        deadlines.set(
                new JoinPhaseKey(group.id()),
                nowMs + group.rebalanceTimeoutMs(),
                firedMs -> endJoinPhase(group, firedMs));
    }

    private Decision endJoinPhase(ClassicGroup group, long nowMs) {
        deadlines.cancel(new JoinPhaseKey(group.id()));
        if (!group.is(GroupState.PREPARING_REBALANCE)) {
            return Decision.NOTHING;
        }
        for (Member each : group.notJoined()) {
            if (!each.isStatic()) {
                endSession(group, each.id());
                group.remove(each.id());
            }
        }
        if (!group.electJoinedLeader() && group.size() > 0) {
            awaitJoins(group, nowMs);
            return Decision.NOTHING;
        }
        group.beginGeneration(nowMs);
        if (group.is(GroupState.EMPTY)) {
            return Decision.write(List.of(GroupRecordCodec.group(group.id(), group.store(Map.of()))));
        }
        beginSyncPhase(group, nowMs);
        return Decision.NOTHING;
    }

    private void beginSyncPhase(ClassicGroup group, long nowMs) {
        for (Member each : group.members()) {
            each.answerJoin(joined(group, each));
            each.admit();
            keepAlive(group, each, nowMs);
        }
        int generation = group.generation();
        deadlines.set(
                new SyncPhaseKey(group.id()),
                nowMs + group.rebalanceTimeoutMs(),
                firedMs -> endSyncPhase(group, generation, firedMs));
    }

    private Decision endSyncPhase(ClassicGroup group, int generation, long nowMs) {
        boolean current = group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE);
        if (!current || group.generation() != generation || group.pendingSyncs().isEmpty()) {
            return Decision.NOTHING;
        }
        for (String each : List.copyOf(group.pendingSyncs())) {
            endSession(group, each);
            group.remove(each);
        }
        return begin(group, nowMs);
    }

    private void startSession(ClassicGroup group, String memberId, long nowMs, int timeoutMs) {
        deadlines.set(
                new SessionKey(group.id(), memberId),
                nowMs + timeoutMs,
                firedMs -> sessionEnded(group, memberId, firedMs));
    }

    private Decision sessionEnded(ClassicGroup group, String memberId, long nowMs) {
        if (group.isPromised(memberId)) {
            group.remove(memberId);
            groups.forgetIfInVain(group, nowMs);
            return endJoinPhaseIfAllJoined(group, nowMs);
        }
        Member member = group.member(memberId);
        if (member == null || member.mayBeSilent()) {
            return Decision.NOTHING;
        }
        group.remove(memberId);
        return membersChanged(group, nowMs);
    }
}
