package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.GroupConfig;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * JoinGroup 0 to 9. From version 4 on, a dynamic member that comes without an id is given one and has to come again
 * with it (KIP-394), so that a client whose answer got lost leaves no ghost behind; before version 1, the session
 * timeout is the rebalance timeout as well.
 */
final class JoinDecisions {

    static final short FIRST_VERSION_WITH_REQUIRED_ID = 4;

    private final GroupConfig config;
    private final MemberIds memberIds;
    private final GroupTable groups;
    private final Rebalance rebalance;
    private final StaticMemberDecisions staticMembers;

    JoinDecisions(GroupConfig config, MemberIds memberIds, GroupTable groups, Rebalance rebalance) {
        this.config = config;
        this.memberIds = memberIds;
        this.groups = groups;
        this.rebalance = rebalance;
        this.staticMembers = new StaticMemberDecisions(rebalance);
    }

    Decision join(Call<JoinGroupRequestData, JoinGroupResponseData> call) {
        JoinGroupRequestData request = call.request();
        Errors invalid = validate(request);
        if (invalid != Errors.NONE) {
            return refuse(call, request.memberId(), invalid);
        }
        if (!request.memberId().isEmpty()) {
            ClassicGroup group = groups.find(request.groupId());
            return group == null ? refuse(call, request.memberId(), Errors.UNKNOWN_MEMBER_ID) : joinWithId(call, group);
        }
        ClassicGroup group = groups.findOrCreate(request.groupId(), call.nowMs());
        Decision decision = joinWithoutId(call, group);
        groups.forgetIfInVain(group, call.nowMs());
        return decision;
    }

    Errors validate(JoinGroupRequestData request) {
        if (request.groupId().isEmpty()) {
            return Errors.INVALID_GROUP_ID;
        }
        boolean inRange = request.sessionTimeoutMs() >= config.sessionTimeoutMinMs()
                && request.sessionTimeoutMs() <= config.sessionTimeoutMaxMs();
        return inRange ? Errors.NONE : Errors.INVALID_SESSION_TIMEOUT;
    }

    private Decision joinWithoutId(Call<JoinGroupRequestData, JoinGroupResponseData> call, ClassicGroup group) {
        JoinGroupRequestData request = call.request();
        if (isFull(group, null)) {
            return refuse(call, "", Errors.GROUP_MAX_SIZE_REACHED);
        }
        if (!group.accepts(request.protocolType(), protocols(request).keySet())) {
            return refuse(call, "", Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        String instanceId = request.groupInstanceId();
        if (instanceId != null) {
            String newId = memberIds.next(instanceId);
            Member current = staticMember(group, instanceId);
            return current == null ? add(call, group, newId) : staticMembers.comeBack(call, group, current, newId);
        }
        String newId = memberIds.next(call.caller().clientId());
        if (call.caller().version() < FIRST_VERSION_WITH_REQUIRED_ID) {
            return add(call, group, newId);
        }
        group.promise(newId);
        rebalance.awaitPromised(group, newId, call.nowMs(), request.sessionTimeoutMs());
        return refuse(call, newId, Errors.MEMBER_ID_REQUIRED);
    }

    private Decision joinWithId(Call<JoinGroupRequestData, JoinGroupResponseData> call, ClassicGroup group) {
        JoinGroupRequestData request = call.request();
        String memberId = request.memberId();
        if (isFull(group, memberId)) {
            rebalance.endSession(group, memberId);
            group.remove(memberId);
            return refuse(call, "", Errors.GROUP_MAX_SIZE_REACHED);
        }
        if (!group.accepts(request.protocolType(), protocols(request).keySet())) {
            return refuse(call, memberId, Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        if (group.isPromised(memberId)) {
            return request.groupInstanceId() == null
                    ? add(call, group, memberId)
                    : refuse(call, memberId, Errors.INVALID_REQUEST);
        }
        Errors invalid = group.validate(memberId, request.groupInstanceId());
        Member member = group.member(memberId);
        if (invalid != Errors.NONE || member == null) {
            return refuse(call, memberId, invalid);
        }
        return rejoin(call, group, member);
    }

    private Decision rejoin(Call<JoinGroupRequestData, JoinGroupResponseData> call, ClassicGroup group, Member member) {
        boolean same = member.saysTheSame(protocols(call.request()));
        boolean answeredAtOnce = switch (group.state()) {
            // The answer of this generation got lost on its way: nothing has changed.
            case COMPLETING_REBALANCE -> same;
            // A leader that joins again wants a new assignment, a follower only what it missed.
            case STABLE -> same && !group.isLeader(member.id()) && !group.isWithoutLeader();
            case EMPTY, PREPARING_REBALANCE, DEAD -> false;
        };
        if (answeredAtOnce) {
            call.answer().accept(Rebalance.joined(group, member));
            return Decision.NOTHING;
        }
        member.update(timeouts(call.request()), protocols(call.request()));
        member.awaitJoin(call.answer());
        return rebalance.membersChanged(group, call.nowMs());
    }

    private Decision add(Call<JoinGroupRequestData, JoinGroupResponseData> call, ClassicGroup group, String memberId) {
        JoinGroupRequestData request = call.request();
        MemberIdentity identity = new MemberIdentity(
                memberId,
                request.groupInstanceId(),
                call.caller().clientId(),
                call.caller().clientHost());
        Member member = new Member(identity, timeouts(request), protocols(request));
        member.awaitJoin(call.answer());
        group.add(member, request.protocolType());
        rebalance.awaitAdmission(group, member, call.nowMs());
        return rebalance.membersChanged(group, call.nowMs());
    }

    private boolean isFull(ClassicGroup group, @Nullable String memberId) {
        Member member = memberId == null ? null : group.member(memberId);
        return switch (group.state()) {
            case EMPTY, DEAD -> false;
            case PREPARING_REBALANCE ->
                (member == null || !member.awaitsJoin()) && group.awaitingJoin() >= config.membersMax();
            case COMPLETING_REBALANCE, STABLE -> member == null && group.size() >= config.membersMax();
        };
    }

    private static @Nullable Member staticMember(ClassicGroup group, String instanceId) {
        String memberId = group.memberIdOf(instanceId);
        return memberId == null ? null : group.member(memberId);
    }

    private static Decision refuse(
            Call<JoinGroupRequestData, JoinGroupResponseData> call, String memberId, Errors error) {
        call.answer().accept(GroupAnswers.joinFailed(memberId, error));
        return Decision.NOTHING;
    }

    static Map<String, byte[]> protocols(JoinGroupRequestData request) {
        return Member.protocolsOf(request.protocols());
    }

    static MemberTimeouts timeouts(JoinGroupRequestData request) {
        int sessionMs = request.sessionTimeoutMs();
        int rebalanceMs = request.rebalanceTimeoutMs() < 0 ? sessionMs : request.rebalanceTimeoutMs();
        return new MemberTimeouts(rebalanceMs, sessionMs);
    }
}
