package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * SyncGroup 0 to 5. Followers wait until the leader has brought the assignment and it is committed: a member never
 * acts on an assignment that another coordinator would not know of.
 */
final class SyncDecisions {

    private static final short FIRST_VERSION_WITH_PROTOCOL = 5;

    private final GroupTable groups;
    private final Rebalance rebalance;

    SyncDecisions(GroupTable groups, Rebalance rebalance) {
        this.groups = groups;
        this.rebalance = rebalance;
    }

    Decision sync(Call<SyncGroupRequestData, SyncGroupResponseData> call) {
        SyncGroupRequestData request = call.request();
        if (request.groupId().isEmpty()) {
            return refuse(call, Errors.INVALID_GROUP_ID);
        }
        ClassicGroup group = groups.find(request.groupId());
        Member member = group == null ? null : group.member(request.memberId());
        if (group == null) {
            return refuse(call, Errors.UNKNOWN_MEMBER_ID);
        }
        Errors invalid = validate(group, request, call.caller().version());
        if (invalid != Errors.NONE || member == null) {
            return refuse(call, invalid);
        }
        if (group.isWithoutLeader()) {
            return refuse(call, Errors.REBALANCE_IN_PROGRESS);
        }
        return switch (group.state()) {
            case PREPARING_REBALANCE -> refuse(call, Errors.REBALANCE_IN_PROGRESS);
            case COMPLETING_REBALANCE -> completing(call, group, member);
            case STABLE -> {
                rebalance.synced(group, member.id());
                call.answer().accept(assigned(group, member));
                yield Decision.NOTHING;
            }
            case EMPTY, DEAD -> refuse(call, Errors.UNKNOWN_MEMBER_ID);
        };
    }

    private Decision completing(
            Call<SyncGroupRequestData, SyncGroupResponseData> call, ClassicGroup group, Member member) {
        member.awaitSync(call.answer());
        rebalance.synced(group, member.id());
        if (!group.isLeader(member.id()) || !group.takeAssignmentOnce()) {
            return Decision.NOTHING;
        }
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        call.request().assignments().forEach(each -> assignments.put(each.memberId(), each.assignment()));
        return new Decision(
                List.of(GroupRecordCodec.group(group.id(), group.store(assignments))),
                new Assignment(rebalance, group, group.generation(), assignments));
    }

    private static Errors validate(ClassicGroup group, SyncGroupRequestData request, short version) {
        Errors invalid = group.validate(request.memberId(), request.groupInstanceId());
        if (invalid != Errors.NONE) {
            return invalid;
        }
        if (request.generationId() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        return isConsistent(request, version, group.protocolType(), group.protocol())
                ? Errors.NONE
                : Errors.INCONSISTENT_GROUP_PROTOCOL;
    }

    /** Whether what the client says of the group's protocol, as it must from version 5 on, is so. */
    static boolean isConsistent(
            SyncGroupRequestData request, short version, @Nullable String protocolType, @Nullable String protocol) {
        boolean says = request.protocolType() != null && request.protocolName() != null;
        return (says || version < FIRST_VERSION_WITH_PROTOCOL)
                && agrees(request.protocolType(), protocolType)
                && agrees(request.protocolName(), protocol);
    }

    /** Before version 5, a client does not say. */
    private static boolean agrees(@Nullable String said, @Nullable String known) {
        return said == null || known == null || said.equals(known);
    }

    private static Decision refuse(Call<SyncGroupRequestData, SyncGroupResponseData> call, Errors error) {
        call.answer().accept(GroupAnswers.syncFailed(error));
        return Decision.NOTHING;
    }

    private static SyncGroupResponseData assigned(ClassicGroup group, Member member) {
        return new SyncGroupResponseData()
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setAssignment(member.assignment());
    }

    /** The leader's word, handed out once it is committed. */
    private record Assignment(Rebalance rebalance, ClassicGroup group, int generation, Map<String, byte[]> assignments)
            implements Outcome {

        @Override
        public Decision committed(long nowMs) {
            if (isOver()) {
                return Decision.NOTHING;
            }
            group.become(GroupState.STABLE, nowMs);
            for (Member each : group.members()) {
                each.assign(assignments.getOrDefault(each.id(), new byte[0]));
                if (each.answerSync(assigned(group, each))) {
                    rebalance.keepAlive(group, each, nowMs);
                }
            }
            return Decision.NOTHING;
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            if (isOver()) {
                return Decision.NOTHING;
            }
            rebalance.withdrawAssignment(group, nowMs, error);
            return rebalance.begin(group, nowMs);
        }

        private boolean isOver() {
            return !group.is(GroupState.COMPLETING_REBALANCE) || group.generation() != generation;
        }
    }
}
