package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * SyncGroup, Heartbeat and LeaveGroup of classic members of a consumer group (KIP-848). A member's epoch is its
 * generation. It is told that a rebalance is in progress whenever joining again brings it on: when the group is ahead
 * of it, when it has something to give up, and when what it waits for has become free.
 */
final class MixedMemberDecisions {

    private final ConsumerGroupSettings settings;
    private final GroupEpochs epochs;
    private final ConsumerFencing fencing;
    private final ConsumerSessions sessions;

    MixedMemberDecisions(
            ConsumerGroupSettings settings, GroupEpochs epochs, ConsumerFencing fencing, ConsumerSessions sessions) {
        this.settings = settings;
        this.epochs = epochs;
        this.fencing = fencing;
        this.sessions = sessions;
    }

    Decision sync(ConsumerGroup group, Call<SyncGroupRequestData, SyncGroupResponseData> call) {
        SyncGroupRequestData request = call.request();
        ConsumerMember member = find(group, request.memberId(), request.groupInstanceId());
        Errors invalid = invalid(member, request.memberId(), request.generationId());
        if (invalid != Errors.NONE || member == null) {
            return refuse(call, invalid);
        }
        ClassicFace.Protocol protocol = face(member).favourite();
        if (!SyncDecisions.isConsistent(
                request, call.caller().version(), ConsumerProtocol.PROTOCOL_TYPE, protocol.name())) {
            return refuse(call, Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        // Who has something to give up has joined for this epoch, and learns here what it is.
        boolean behind = group.epoch() > member.current().epoch()
                && member.current().state() != Reconciliation.UNREVOKED_PARTITIONS;
        if (behind) {
            sessions.awaitJoin(group.id(), member, call.nowMs());
            return refuse(call, Errors.REBALANCE_IN_PROGRESS);
        }
        sessions.synced(group.id(), member.id());
        keepAlive(group, member, call.nowMs());
        SyncGroupResponseData answer = new SyncGroupResponseData()
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setProtocolName(protocol.name())
                .setAssignment(EmbeddedProtocol.assignment(
                        member.current().assigned().keySet(), protocol.metadata(), settings.image()));
        return Decision.read(
                error -> call.answer().accept(error == Errors.NONE ? answer : GroupAnswers.syncFailed(error)));
    }

    Decision heartbeat(ConsumerGroup group, Call<HeartbeatRequestData, HeartbeatResponseData> call) {
        HeartbeatRequestData request = call.request();
        ConsumerMember member = find(group, request.memberId(), request.groupInstanceId());
        Errors invalid = invalid(member, request.memberId(), request.generationId());
        if (invalid != Errors.NONE || member == null) {
            call.answer().accept(GroupAnswers.heartbeat(invalid));
            return Decision.NOTHING;
        }
        keepAlive(group, member, call.nowMs());
        ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
        epochs.nextIfTopicsChanged(draft);
        if (!draft.records().isEmpty() || joinsAgain(group, member)) {
            sessions.awaitJoin(group.id(), member, call.nowMs());
            call.answer().accept(GroupAnswers.heartbeat(Errors.REBALANCE_IN_PROGRESS));
            return Decision.write(draft.records());
        }
        call.answer().accept(GroupAnswers.heartbeat(Errors.NONE));
        return Decision.NOTHING;
    }

    private static boolean joinsAgain(ConsumerGroup group, ConsumerMember member) {
        CurrentAssignment current = member.current();
        return switch (current.state()) {
            case UNREVOKED_PARTITIONS, UNKNOWN -> true;
            case UNRELEASED_PARTITIONS -> current.epoch() < group.epoch() || !group.waitsForOthers(member);
            case STABLE -> current.epoch() < group.epoch();
        };
    }

    /** Takes classic members out, each by its id or, as an administrator does, by its instance id alone. */
    Decision leave(ConsumerGroup group, Call<List<MemberIdentity>, LeaveGroupResponseData> call) {
        List<String> leaving = new ArrayList<>();
        List<MemberResponse> answers = new ArrayList<>();
        for (MemberIdentity each : call.request()) {
            ConsumerMember member = find(group, each.memberId(), each.groupInstanceId());
            boolean byInstanceAlone = each.memberId().isEmpty() && each.groupInstanceId() != null;
            String memberId = member != null && byInstanceAlone ? member.id() : each.memberId();
            Errors error = whoSpeaks(member, memberId);
            if (error == Errors.NONE && !leaving.contains(memberId)) {
                leaving.add(memberId);
            }
            answers.add(new MemberResponse()
                    .setMemberId(each.memberId())
                    .setGroupInstanceId(each.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        LeaveGroupResponseData answer = new LeaveGroupResponseData().setMembers(answers);
        if (leaving.isEmpty()) {
            call.answer().accept(answer);
            return Decision.NOTHING;
        }
        return fencing.remove(
                group,
                leaving,
                call.nowMs(),
                Decision.telling(error ->
                        call.answer().accept(error == Errors.NONE ? answer : GroupAnswers.leaveFailed(error))));
    }

    private static @Nullable ConsumerMember find(ConsumerGroup group, String memberId, @Nullable String instanceId) {
        return instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
    }

    /** Whether someone may speak for the member that was found. */
    private static Errors whoSpeaks(@Nullable ConsumerMember member, String memberId) {
        if (member == null || !member.isClassic()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.id().equals(memberId) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
    }

    private static Errors invalid(@Nullable ConsumerMember member, String memberId, int generation) {
        Errors invalid = whoSpeaks(member, memberId);
        boolean another = member != null && member.current().epoch() != generation;
        return invalid == Errors.NONE && another ? Errors.ILLEGAL_GENERATION : invalid;
    }

    private void keepAlive(ConsumerGroup group, ConsumerMember member, long nowMs) {
        sessions.keepAlive(group.id(), member.id(), nowMs, settings.sessionTimeoutMs(group.id(), member));
    }

    private static ClassicFace face(ConsumerMember member) {
        return Objects.requireNonNull(member.classic());
    }

    private static Decision refuse(Call<SyncGroupRequestData, SyncGroupResponseData> call, Errors error) {
        call.answer().accept(GroupAnswers.syncFailed(error));
        return Decision.NOTHING;
    }
}
