package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import io.millrace.log.types.PartitionId;
import java.util.List;
import java.util.SortedSet;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * JoinGroup of a classic member in a consumer group with members (KIP-848): what a heartbeat does for a member of the
 * consumer protocol, of which {@link ConsumerHeartbeatDecisions} gives the steps. The member is answered at once, leads
 * nothing, and is given its partitions by SyncGroup. It is to ask for them within its rebalance timeout.
 *
 * <p>Targets are computed with every JoinGroup that finds the group ahead of them, however short after the last time: a
 * member that was told to come again could only be told so once more.
 */
final class MixedJoinDecisions {

    private final GroupTable groups;
    private final ConsumerGroupSettings settings;
    private final MemberIds memberIds;
    private final ConsumerSteps steps;
    private final ConsumerSessions sessions;
    private final Downgrade downgrade;

    MixedJoinDecisions(
            GroupTable groups,
            ConsumerGroupSettings settings,
            MemberIds memberIds,
            ConsumerSteps steps,
            ConsumerSessions sessions,
            Downgrade downgrade) {
        this.groups = groups;
        this.settings = settings;
        this.memberIds = memberIds;
        this.steps = steps;
        this.sessions = sessions;
        this.downgrade = downgrade;
    }

    /** @param group with members */
    Decision join(ConsumerGroup group, Call<JoinGroupRequestData, JoinGroupResponseData> call) {
        JoinGroupRequestData request = call.request();
        Errors invalid = refusal(group, request);
        if (invalid != Errors.NONE) {
            return refuse(call, request.memberId(), invalid);
        }
        boolean anew = request.memberId().isEmpty();
        String instanceId = request.groupInstanceId();
        String memberId =
                anew ? memberIds.next(instanceId == null ? call.caller().clientId() : instanceId) : request.memberId();
        if (anew && instanceId == null && call.caller().version() >= JoinDecisions.FIRST_VERSION_WITH_REQUIRED_ID) {
            return refuse(call, memberId, Errors.MEMBER_ID_REQUIRED);
        }
        try {
            return seated(group, call, profile(memberId, call));
        } catch (SchemaException unreadable) {
            return refuse(call, request.memberId(), Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
    }

    private Errors refusal(ConsumerGroup group, JoinGroupRequestData request) {
        boolean isNew = group.member(request.memberId()) == null;
        if (isNew && group.size() >= settings.config().membersMax()) {
            return Errors.GROUP_MAX_SIZE_REACHED;
        }
        boolean understood = ConsumerProtocol.PROTOCOL_TYPE.equals(request.protocolType())
                && group.acceptsClassic(JoinDecisions.protocols(request).keySet());
        if (!understood) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        String instanceId = request.groupInstanceId();
        if (instanceId == null || request.memberId().isEmpty()) {
            return Errors.NONE;
        }
        Refusal refusal = ConsumerMemberRules.instanceRefusal(
                group, group.staticMember(instanceId), request.memberId(), instanceId);
        return refusal == null ? Errors.NONE : refusal.error();
    }

    private static ConsumerMember.Profile profile(
            String memberId, Call<JoinGroupRequestData, JoinGroupResponseData> call) {
        JoinGroupRequestData request = call.request();
        MemberTimeouts timeouts = JoinDecisions.timeouts(request);
        MemberIdentity identity = new MemberIdentity(
                memberId,
                request.groupInstanceId(),
                call.caller().clientId(),
                call.caller().clientHost());
        ClassicFace face = new ClassicFace(timeouts.sessionMs(), Upgrade.protocols(JoinDecisions.protocols(request)));
        return Upgrade.profile(identity, timeouts.rebalanceMs(), face);
    }

    private Decision seated(
            ConsumerGroup group,
            Call<JoinGroupRequestData, JoinGroupResponseData> call,
            ConsumerMember.Profile profile) {
        ClassicFace.Protocol protocol = favourite(profile);
        SortedSet<PartitionId> owned =
                EmbeddedProtocol.owned(EmbeddedProtocol.subscription(protocol.metadata()), settings.image());
        ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
        ConsumerMember before = ConsumerSteps.seat(
                draft, profile.identity().memberId(), profile.identity().instanceId());
        ConsumerMember after = before.with(profile);
        boolean changed = steps.subscribe(draft, before, after, call.nowMs());
        steps.computeTargets(draft, call.nowMs());
        Reconciler reconciler =
                steps.reconciler(draft.group(), after, after.current().epoch(), owned);
        if (reconciler.mustBeFenced(after.current())) {
            return refuse(call, call.request().memberId(), Errors.UNKNOWN_MEMBER_ID);
        }
        after = steps.reconcile(draft, after, reconciler, changed, call.nowMs());
        sessions.joined(group.id(), after, call.nowMs());
        sessions.keepAlive(group.id(), after.id(), call.nowMs(), settings.sessionTimeoutMs(group.id(), after));
        JoinGroupResponseData answer = new JoinGroupResponseData()
                .setMemberId(after.id())
                .setGenerationId(after.current().epoch())
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setProtocolName(protocol.name());
        return new Decision(draft.records(), new Joined(group.id(), call, answer));
    }

    private static ClassicFace.Protocol favourite(ConsumerMember.Profile profile) {
        ClassicFace face = profile.subscription().classic();
        if (face == null) {
            throw new IllegalStateException("a member that joins speaks the classic protocol");
        }
        return face.favourite();
    }

    private static Decision refuse(
            Call<JoinGroupRequestData, JoinGroupResponseData> call, String memberId, Errors error) {
        call.answer().accept(GroupAnswers.joinFailed(memberId, error));
        return Decision.NOTHING;
    }

    /** A static member may have taken the place of the last one of the consumer protocol. */
    private final class Joined implements Outcome {
        private final String groupId;
        private final Call<JoinGroupRequestData, JoinGroupResponseData> call;
        private final JoinGroupResponseData answer;

        Joined(String groupId, Call<JoinGroupRequestData, JoinGroupResponseData> call, JoinGroupResponseData answer) {
            this.groupId = groupId;
            this.call = call;
            this.answer = answer;
        }

        @Override
        public Decision committed(long nowMs) {
            call.answer().accept(answer);
            @Nullable ConsumerGroup group = groups.consumer(groupId);
            return group != null && downgrade.isDue(group, List.of())
                    ? downgrade.decide(group, List.of(), nowMs, Decision.NOTHING.outcome())
                    : Decision.NOTHING;
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            call.answer().accept(GroupAnswers.joinFailed(call.request(), error));
            return Decision.NOTHING;
        }
    }
}
