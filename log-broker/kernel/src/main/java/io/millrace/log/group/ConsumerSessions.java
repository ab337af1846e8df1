package io.millrace.log.group;

import io.millrace.log.coordinator.Deadlines;

/**
 * The deadlines of the members of consumer groups. A member that is silent for its session timeout is taken out; so is
 * one that does not give up its partitions within its rebalance timeout. A member that speaks the classic protocol has
 * its rebalance timeout to join again when it was told to, and as long again to ask for its assignment.
 *
 * <p>A deadline that is over finds its member as it is then: what it would do may have no point any more.
 */
final class ConsumerSessions {

    private enum Kind {
        SESSION,
        REVOCATION,
        JOIN,
        SYNC
    }

    private record Key(Kind kind, String groupId, String memberId) {}

    private final Deadlines deadlines;
    private final ConsumerFencing fencing;

    ConsumerSessions(Deadlines deadlines, ConsumerFencing fencing) {
        this.deadlines = deadlines;
        this.fencing = fencing;
    }

    /** Gives a member another session timeout to be heard of. */
    void keepAlive(String groupId, String memberId, long nowMs, int timeoutMs) {
        set(Kind.SESSION, groupId, memberId, nowMs + timeoutMs);
    }

    /** Gives a member its rebalance timeout to leave the epoch in which it has to give up partitions. */
    void awaitRevocation(String groupId, ConsumerMember member, long nowMs) {
        int epoch = member.current().epoch();
        deadlines.set(
                new Key(Kind.REVOCATION, groupId, member.id()),
                nowMs + member.subscription().rebalanceTimeoutMs(),
                firedMs -> fencing.fenceIfIn(groupId, member.id(), epoch, firedMs));
    }

    void revoked(String groupId, String memberId) {
        deadlines.cancel(new Key(Kind.REVOCATION, groupId, memberId));
    }

    /** Gives a classic member its rebalance timeout to join again, from when it was told so first. */
    void awaitJoin(String groupId, ConsumerMember member, long nowMs) {
        deadlines.setIfAbsent(
                new Key(Kind.JOIN, groupId, member.id()),
                nowMs + member.subscription().rebalanceTimeoutMs(),
                firedMs -> fencing.fence(groupId, member.id(), firedMs));
    }

    /** A classic member has joined, and has its rebalance timeout to ask for its assignment. */
    void joined(String groupId, ConsumerMember member, long nowMs) {
        deadlines.cancel(new Key(Kind.JOIN, groupId, member.id()));
        revoked(groupId, member.id());
        set(Kind.SYNC, groupId, member.id(), nowMs + member.subscription().rebalanceTimeoutMs());
    }

    void synced(String groupId, String memberId) {
        deadlines.cancel(new Key(Kind.SYNC, groupId, memberId));
    }

    /** A member speaks the consumer protocol from now on. */
    void noLongerClassic(String groupId, String memberId) {
        deadlines.cancel(new Key(Kind.JOIN, groupId, memberId));
        synced(groupId, memberId);
    }

    /** Ends whatever waits for a member that is gone. */
    void end(String groupId, String memberId) {
        for (Kind each : Kind.values()) {
            deadlines.cancel(new Key(each, groupId, memberId));
        }
    }

    private void set(Kind kind, String groupId, String memberId, long deadlineMs) {
        deadlines.set(
                new Key(kind, groupId, memberId), deadlineMs, firedMs -> fencing.fence(groupId, memberId, firedMs));
    }
}
