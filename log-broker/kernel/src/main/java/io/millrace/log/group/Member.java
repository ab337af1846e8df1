package io.millrace.log.group;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A member of a {@link ClassicGroup}: what it said when it joined, what it was given, and the requests of it that wait.
 *
 * <p>At most one JoinGroup and one SyncGroup of a member wait at a time. A second one takes the place of the first,
 * which is answered with REBALANCE_IN_PROGRESS: a client that sent it again has given up on the first.
 */
final class Member {

    private static final byte[] NOTHING = new byte[0];

    private final MemberIdentity identity;
    private MemberTimeouts timeouts;
    private Map<String, byte[]> protocols;
    private byte[] assignment = NOTHING;
    private boolean admitted;
    private @Nullable Consumer<JoinGroupResponseData> waitingJoin;
    private @Nullable Consumer<SyncGroupResponseData> waitingSync;

    Member(MemberIdentity identity, MemberTimeouts timeouts, Map<String, byte[]> protocols) {
        this.identity = identity;
        this.timeouts = timeouts;
        this.protocols = protocols;
    }

    /** The same member under another id (a static member that came back). Nothing of it waits. */
    Member withMemberId(String memberId) {
        Member renamed = new Member(identity.withMemberId(memberId), timeouts, protocols);
        renamed.assignment = assignment;
        renamed.admitted = admitted;
        return renamed;
    }

    static Map<String, byte[]> protocolsOf(JoinGroupRequestProtocolCollection protocols) {
        Map<String, byte[]> inOrder = new LinkedHashMap<>();
        protocols.forEach(each -> inOrder.put(each.name(), each.metadata()));
        return inOrder;
    }

    static Member restore(StoredMember stored, @Nullable String protocol) {
        Map<String, byte[]> protocols = new LinkedHashMap<>();
        if (protocol != null) {
            protocols.put(protocol, Utils.toArray(stored.subscription()));
        }
        Member member = new Member(stored.identity(), stored.timeouts(), protocols);
        member.assignment = Utils.toArray(stored.assignment());
        member.admitted = true;
        return member;
    }

    StoredMember store(@Nullable String protocol, byte[] newAssignment) {
        return new StoredMember(
                identity, timeouts, ByteBuffer.wrap(metadata(protocol)), ByteBuffer.wrap(newAssignment));
    }

    String id() {
        return identity.memberId();
    }

    MemberIdentity identity() {
        return identity;
    }

    boolean isStatic() {
        return identity.instanceId() != null;
    }

    MemberTimeouts timeouts() {
        return timeouts;
    }

    Map<String, byte[]> protocols() {
        return protocols;
    }

    void update(MemberTimeouts newTimeouts, Map<String, byte[]> newProtocols) {
        timeouts = newTimeouts;
        protocols = newProtocols;
    }

    /** The member's own bytes for a protocol; empty if it does not know it. */
    byte[] metadata(@Nullable String protocol) {
        return protocol == null ? NOTHING : protocols.getOrDefault(protocol, NOTHING);
    }

    /** Whether the member would say the very same again: same protocols, same order, same bytes. */
    boolean saysTheSame(Map<String, byte[]> other) {
        if (protocols.size() != other.size()) {
            return false;
        }
        Iterator<Map.Entry<String, byte[]>> theirs = other.entrySet().iterator();
        for (Map.Entry<String, byte[]> mine : protocols.entrySet()) {
            Map.Entry<String, byte[]> their = theirs.next();
            if (!mine.getKey().equals(their.getKey()) || !Arrays.equals(mine.getValue(), their.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** The first of the member's protocols, in its own order, that is among {@code candidates}; null if none is. */
    @Nullable
    String vote(Set<String> candidates) {
        return protocols.keySet().stream()
                .filter(candidates::contains)
                .findFirst()
                .orElse(null);
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] newAssignment) {
        assignment = newAssignment;
    }

    void unassign() {
        assignment = NOTHING;
    }

    /** The member has been part of a generation: from now on its session timeout counts. */
    void admit() {
        admitted = true;
    }

    /** Whether silence is no sign of death: a member that waits for our answer has nothing to send. */
    boolean mayBeSilent() {
        return admitted && (waitingJoin != null || waitingSync != null);
    }

    boolean awaitsJoin() {
        return waitingJoin != null;
    }

    void awaitJoin(Consumer<JoinGroupResponseData> answer) {
        failJoin(Errors.REBALANCE_IN_PROGRESS, id());
        waitingJoin = answer;
    }

    void awaitSync(Consumer<SyncGroupResponseData> answer) {
        failSync(Errors.REBALANCE_IN_PROGRESS);
        waitingSync = answer;
    }

    /** Answers the JoinGroup that waits, if one does. */
    boolean answerJoin(JoinGroupResponseData answer) {
        Consumer<JoinGroupResponseData> waiting = waitingJoin;
        waitingJoin = null;
        if (waiting != null) {
            waiting.accept(answer);
        }
        return waiting != null;
    }

    /** Answers the SyncGroup that waits, if one does. */
    boolean answerSync(SyncGroupResponseData answer) {
        Consumer<SyncGroupResponseData> waiting = waitingSync;
        waitingSync = null;
        if (waiting != null) {
            waiting.accept(answer);
        }
        return waiting != null;
    }

    /** Ends whatever waits. */
    void failAll(Errors error, String memberIdToTell) {
        failJoin(error, memberIdToTell);
        failSync(error);
    }

    private void failJoin(Errors error, String memberIdToTell) {
        answerJoin(GroupAnswers.joinFailed(memberIdToTell, error));
    }

    private void failSync(Errors error) {
        answerSync(GroupAnswers.syncFailed(error));
    }
}
