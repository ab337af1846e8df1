package io.millrace.log.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One group of the classic protocol: its members, its generation, and its {@link GroupState}. It knows what is legal,
 * not when it happens: that is {@link Rebalance}'s.
 *
 * <p>Life cycle: made EMPTY by the first JoinGroup or OffsetCommit, or restored from the log as EMPTY or STABLE, or
 * made STABLE of a consumer group ({@link Downgrade}); DEAD when deleted or when its coordinator moves away. Members
 * keep the order in which they came, so that equal histories give equal answers. Protocol metadata and assignments are
 * bytes that are never looked into, but by {@link Subscriptions} and {@link EmbeddedProtocol}.
 */
final class ClassicGroup {

    private final String groupId;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> memberIdByInstance = new LinkedHashMap<>();
    private final Set<String> pendingJoins = new LinkedHashSet<>();
    private final Set<String> pendingSyncs = new LinkedHashSet<>();

    private GroupState state = GroupState.EMPTY;
    private GroupState previousState = GroupState.EMPTY;
    private long stateTimestampMs;
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocol;
    private @Nullable String leaderId;
    private boolean grewWhileWaiting;
    private boolean assignmentTaken;

    ClassicGroup(String groupId, long nowMs) {
        this.groupId = groupId;
        this.stateTimestampMs = nowMs;
    }

    static ClassicGroup restore(String groupId, StoredGroup stored) {
        ClassicGroup group = new ClassicGroup(groupId, stored.stateTimestampMs());
        group.generation = stored.generation();
        group.protocolType = stored.protocolType();
        group.protocol = stored.protocol();
        group.leaderId = stored.leader();
        for (StoredMember each : stored.members()) {
            Member member = Member.restore(each, stored.protocol());
            group.members.put(member.id(), member);
            group.index(member);
        }
        group.state = group.members.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        return group;
    }

    /** A stable group of consumers that have been together before, but whom nobody leads yet. */
    static ClassicGroup withoutLeader(String groupId, int generation, long nowMs, List<Member> members) {
        ClassicGroup group = new ClassicGroup(groupId, nowMs);
        for (Member each : members) {
            group.members.put(each.id(), each);
            group.index(each);
        }
        group.generation = generation;
        group.protocolType = ConsumerProtocol.PROTOCOL_TYPE;
        group.protocol = group.electProtocol();
        group.state = GroupState.STABLE;
        return group;
    }

    /** Whether the members of a stable group are to be assigned anew because none of them leads it. */
    boolean isWithoutLeader() {
        return state == GroupState.STABLE && leaderId == null;
    }

    /** The group as the log keeps it, with assignments that may not have been handed out yet. */
    StoredGroup store(Map<String, byte[]> assignments) {
        List<StoredMember> stored = new ArrayList<>();
        members.values()
                .forEach(each -> stored.add(each.store(protocol, assignments.getOrDefault(each.id(), new byte[0]))));
        return new StoredGroup(protocolType, generation, protocol, leaderId, stateTimestampMs, stored);
    }

    Map<String, byte[]> assignments() {
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        members.values().forEach(each -> assignments.put(each.id(), each.assignment()));
        return assignments;
    }

    String id() {
        return groupId;
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState other) {
        return state == other;
    }

    long stateTimestampMs() {
        return stateTimestampMs;
    }

    int generation() {
        return generation;
    }

    @Nullable
    String protocolType() {
        return protocolType;
    }

    @Nullable
    String protocol() {
        return protocol;
    }

    /** As answers carry it: empty if there is none. */
    String leaderIdOrEmpty() {
        return leaderId == null ? "" : leaderId;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leaderId);
    }

    /** The one place where the state changes. */
    void become(GroupState next, long nowMs) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("group " + groupId + " cannot go from " + state + " to " + next);
        }
        previousState = state;
        state = next;
        stateTimestampMs = nowMs;
    }

    /** Whether the rebalance that is being prepared began with an empty group, and so waits for more to come. */
    boolean isFirstRebalance() {
        return state == GroupState.PREPARING_REBALANCE && previousState == GroupState.EMPTY;
    }

    boolean canRebalance() {
        return state.canBecome(GroupState.PREPARING_REBALANCE);
    }

    /** Whether nobody is in it or about to be. */
    boolean isDeserted() {
        return state == GroupState.EMPTY && pendingJoins.isEmpty();
    }

    Collection<Member> members() {
        return members.values();
    }

    int size() {
        return members.size();
    }

    @Nullable
    Member member(String memberId) {
        return members.get(memberId);
    }

    @Nullable
    String memberIdOf(String instanceId) {
        return memberIdByInstance.get(instanceId);
    }

    /** Whether a request by this member may go on: NONE, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID (KIP-345). */
    Errors validate(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String current = memberIdByInstance.get(instanceId);
            if (current == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!current.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        return members.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    /** Whether someone who offers these protocols can be in the group with those who are. */
    boolean accepts(String memberProtocolType, Set<String> memberProtocols) {
        if (members.isEmpty()) {
            return !memberProtocolType.isEmpty() && !memberProtocols.isEmpty();
        }
        return memberProtocolType.equals(protocolType)
                && commonProtocols().stream().anyMatch(memberProtocols::contains);
    }

    void add(Member member, String memberProtocolType) {
        if (members.isEmpty()) {
            protocolType = memberProtocolType;
        }
        if (isFirstRebalance()) {
            grewWhileWaiting = true;
        }
        if (leaderId == null) {
            leaderId = member.id();
        }
        members.put(member.id(), member);
        index(member);
        pendingJoins.remove(member.id());
    }

    /** Takes a member out and ends its requests with UNKNOWN_MEMBER_ID; also forgets an id that was only promised. */
    void remove(String memberId) {
        pendingJoins.remove(memberId);
        pendingSyncs.remove(memberId);
        Member removed = members.remove(memberId);
        if (removed == null) {
            return;
        }
        String instanceId = removed.identity().instanceId();
        if (instanceId != null) {
            memberIdByInstance.remove(instanceId);
        }
        if (memberId.equals(leaderId)) {
            leaderId = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        removed.failAll(Errors.UNKNOWN_MEMBER_ID, "");
    }

    /** Gives a static member a new id, and fences whoever still waits under the old one. */
    Member replace(Member old, String newMemberId) {
        Member renamed = old.withMemberId(newMemberId);
        members.remove(old.id());
        members.put(newMemberId, renamed);
        index(renamed);
        if (old.id().equals(leaderId)) {
            leaderId = newMemberId;
        }
        if (pendingSyncs.remove(old.id())) {
            pendingSyncs.add(newMemberId);
        }
        old.failAll(Errors.FENCED_INSTANCE_ID, old.id());
        return renamed;
    }

    /** An id was given to someone who has yet to join with it (KIP-394). */
    void promise(String memberId) {
        pendingJoins.add(memberId);
    }

    boolean isPromised(String memberId) {
        return pendingJoins.contains(memberId);
    }

    int awaitingJoin() {
        return (int) members.values().stream().filter(Member::awaitsJoin).count();
    }

    boolean allJoined() {
        return pendingJoins.isEmpty() && members.values().stream().allMatch(Member::awaitsJoin);
    }

    List<Member> notJoined() {
        return members.values().stream().filter(each -> !each.awaitsJoin()).toList();
    }

    /** Whether members came while a first rebalance waited, since this was last asked. */
    boolean takeGrewWhileWaiting() {
        boolean grew = grewWhileWaiting;
        grewWhileWaiting = false;
        return grew;
    }

    /** Makes sure that the leader is one of those who joined; false if nobody did. */
    boolean electJoinedLeader() {
        Member leader = leaderId == null ? null : members.get(leaderId);
        if (leader != null && leader.awaitsJoin()) {
            return true;
        }
        for (Member each : members.values()) {
            if (each.awaitsJoin()) {
                leaderId = each.id();
                return true;
            }
        }
        return false;
    }

    /** Begins the next generation with the members that are left: COMPLETING_REBALANCE, or EMPTY if there are none. */
    void beginGeneration(long nowMs) {
        generation++;
        grewWhileWaiting = false;
        assignmentTaken = false;
        pendingSyncs.clear();
        if (members.isEmpty()) {
            protocol = null;
            leaderId = null;
            become(GroupState.EMPTY, nowMs);
        } else {
            protocol = electProtocol();
            pendingSyncs.addAll(members.keySet());
            become(GroupState.COMPLETING_REBALANCE, nowMs);
        }
    }

    /** True once in a generation: what the leader says when it sends its SyncGroup again must not replace it. */
    boolean takeAssignmentOnce() {
        boolean first = !assignmentTaken;
        assignmentTaken = true;
        return first;
    }

    /** The members of this generation that have not asked for their assignment. */
    Set<String> pendingSyncs() {
        return pendingSyncs;
    }

    int rebalanceTimeoutMs() {
        return members.values().stream()
                .mapToInt(each -> each.timeouts().rebalanceMs())
                .max()
                .orElse(0);
    }

    /**
     * The protocol that most members prefer among those that all know; the one voted for first among equals.
     *
     * @throws IllegalStateException if no protocol is common to all, which {@link #accepts} has to prevent
     */
    String electProtocol() {
        Set<String> candidates = commonProtocols();
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Member each : members.values()) {
            String vote = each.vote(candidates);
            if (vote != null) {
                votes.merge(vote, 1, Integer::sum);
            }
        }
        String elected = null;
        for (Map.Entry<String, Integer> each : votes.entrySet()) {
            if (elected == null || each.getValue() > votes.getOrDefault(elected, 0)) {
                elected = each.getKey();
            }
        }
        if (elected == null) {
            throw new IllegalStateException("the members of group " + groupId + " have no protocol in common");
        }
        return elected;
    }

    private Set<String> commonProtocols() {
        Map<String, Integer> known = new LinkedHashMap<>();
        members.values().forEach(each -> each.protocols().keySet().forEach(name -> known.merge(name, 1, Integer::sum)));
        return known.entrySet().stream()
                .filter(each -> each.getValue() == members.size())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void index(Member member) {
        String instanceId = member.identity().instanceId();
        if (instanceId != null) {
            memberIdByInstance.put(instanceId, member.id());
        }
    }
}
