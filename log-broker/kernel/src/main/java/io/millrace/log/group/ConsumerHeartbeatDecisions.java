package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.types.PartitionId;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * ConsumerGroupHeartbeat 0 and 1 of a member that comes or stays. In one decision, as far as each step is due:
 *
 * <ol>
 *   <li>the member is made, or takes an old one's place, or wants something else than before: the group's next epoch;
 *   <li>the group's topics have changed: the group's next epoch;
 *   <li>targets are computed for the group's epoch;
 *   <li>the member moves towards its target ({@link Reconciler}).
 * </ol>
 *
 * A heartbeat that changes nothing writes nothing.
 */
final class ConsumerHeartbeatDecisions {

    private static final int NOT_SAID = -1;

    private final GroupTable groups;
    private final ConsumerGroupSettings settings;
    private final MemberIds memberIds;
    private final ConsumerSteps steps;
    private final ConsumerSessions sessions;
    private final Upgrade upgrade;

    ConsumerHeartbeatDecisions(
            GroupTable groups,
            ConsumerGroupSettings settings,
            MemberIds memberIds,
            ConsumerSteps steps,
            ConsumerSessions sessions) {
        this.groups = groups;
        this.settings = settings;
        this.memberIds = memberIds;
        this.steps = steps;
        this.sessions = sessions;
        this.upgrade = new Upgrade(settings);
    }

    /** @param call one that {@link ConsumerRequestRules} has nothing against, and that does not leave */
    Decision heartbeat(Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call) {
        ConsumerGroupHeartbeatRequestData request = call.request();
        boolean joins = request.memberEpoch() == 0;
        Refusal refusal = groupRefusal(request.groupId(), joins);
        if (refusal != null) {
            return refuse(call, refusal);
        }
        ConsumerGroupDraft draft = open(request.groupId());
        String memberId =
                request.memberId().isEmpty() ? memberIds.next(call.caller().clientId()) : request.memberId();
        Set<PartitionId> owned = owned(request);
        refusal = memberRefusal(draft.group(), request, memberId, owned);
        if (refusal == null) {
            refusal = RegexSubscriptions.refusal(draft.group(), request.subscribedTopicRegex());
        }
        if (refusal != null) {
            return refuse(call, refusal);
        }
        ConsumerMember before = ConsumerSteps.seat(draft, memberId, request.instanceId());
        ConsumerMember after = before.with(profile(before, call));
        boolean changed = steps.subscribe(draft, before, after, call.nowMs());
        steps.computeTargetsIfDue(draft, call.nowMs());
        Reconciler reconciler = steps.reconciler(draft.group(), after, request.memberEpoch(), owned);
        if (reconciler.mustBeFenced(after.current())) {
            return refuse(
                    call, ConsumerMemberRules.fenced("Member " + memberId + " is in a state of a later version."));
        }
        after = steps.reconcile(draft, after, reconciler, changed, call.nowMs());
        startSessions(draft, after, call.nowMs());
        ConsumerGroupHeartbeatResponseData answer = answer(request, before, after);
        return Decision.write(
                draft.records(),
                error -> call.answer().accept(error == Errors.NONE ? answer : ConsumerAnswers.heartbeat(error)));
    }

    /** Those whom an upgrade took along have theirs begin, too. */
    private void startSessions(ConsumerGroupDraft draft, ConsumerMember member, long nowMs) {
        String groupId = draft.groupId();
        sessions.noLongerClassic(groupId, member.id());
        sessions.keepAlive(groupId, member.id(), nowMs, settings.sessionTimeoutMs(groupId));
        if (groups.consumer(groupId) == null) {
            for (ConsumerMember each : draft.group().members()) {
                sessions.keepAlive(groupId, each.id(), nowMs, settings.sessionTimeoutMs(groupId, each));
            }
        }
    }

    private @Nullable Refusal groupRefusal(String groupId, boolean joins) {
        if (groups.consumer(groupId) != null) {
            return null;
        }
        ClassicGroup classic = groups.find(groupId);
        if (!joins) {
            return ConsumerMemberRules.unknownGroup(groupId);
        }
        return classic == null || classic.size() == 0 ? null : upgrade.refusal(classic);
    }

    /** The group as it is, or a new one, in place of a classic group whose members stay. */
    private ConsumerGroupDraft open(String groupId) {
        ConsumerGroup group = groups.consumer(groupId);
        if (group != null) {
            return new ConsumerGroupDraft(group);
        }
        ClassicGroup classic = groups.find(groupId);
        if (classic != null && classic.size() > 0) {
            return upgrade.draft(classic);
        }
        ConsumerGroupDraft draft = new ConsumerGroupDraft(new ConsumerGroup(groupId));
        if (classic != null) {
            draft.writeBeside(GroupRecordCodec.groupTombstone(groupId));
            draft.write(new ConsumerGroupRecord.Epoch(
                    groupId, new ConsumerGroupRecord.Epoch.Value(classic.generation(), 0)));
        }
        return draft;
    }

    private @Nullable Refusal memberRefusal(
            ConsumerGroup group,
            ConsumerGroupHeartbeatRequestData request,
            String memberId,
            @Nullable Set<PartitionId> owned) {
        int membersMax = settings.config().membersMax();
        if (group.size() >= membersMax && group.member(memberId) == null) {
            return new Refusal(
                    Errors.GROUP_MAX_SIZE_REACHED,
                    "Group " + group.id() + " has " + membersMax
                            + " members, and may have no more (group.consumer.max.size).");
        }
        boolean joins = request.memberEpoch() == 0;
        String instanceId = request.instanceId();
        ConsumerMember member = instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
        if (joins) {
            return member == null || instanceId == null
                    ? null
                    : ConsumerMemberRules.unreleasedRefusal(member, memberId);
        }
        if (instanceId != null) {
            Refusal refusal = ConsumerMemberRules.instanceRefusal(group, member, memberId, instanceId);
            if (refusal != null) {
                return refusal;
            }
        }
        return member == null
                ? ConsumerMemberRules.unknownMember(group, memberId)
                : ConsumerMemberRules.epochRefusal(member, request.memberEpoch(), owned);
    }

    private static ConsumerMember.Profile profile(
            ConsumerMember before, Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call) {
        ConsumerGroupHeartbeatRequestData request = call.request();
        MemberSubscription was = before.subscription();
        MemberIdentity identity = new MemberIdentity(
                before.id(),
                or(request.instanceId(), before.instanceId()),
                call.caller().clientId(),
                call.caller().clientHost());
        String regex = request.subscribedTopicRegex();
        return new ConsumerMember.Profile(
                identity,
                new MemberSubscription(
                        request.subscribedTopicNames() == null
                                ? was.topics()
                                : new TreeSet<>(request.subscribedTopicNames()),
                        regex == null ? was.regex() : regex,
                        or(request.serverAssignor(), was.assignor()),
                        or(request.rackId(), was.rackId()),
                        request.rebalanceTimeoutMs() == NOT_SAID
                                ? was.rebalanceTimeoutMs()
                                : request.rebalanceTimeoutMs(),
                        null));
    }

    private static @Nullable String or(@Nullable String said, @Nullable String known) {
        return said == null ? known : said;
    }

    private ConsumerGroupHeartbeatResponseData answer(
            ConsumerGroupHeartbeatRequestData request, ConsumerMember before, ConsumerMember after) {
        ConsumerGroupHeartbeatResponseData answer = new ConsumerGroupHeartbeatResponseData()
                .setMemberId(after.id())
                .setMemberEpoch(after.current().epoch())
                .setHeartbeatIntervalMs(settings.heartbeatIntervalMs(request.groupId()));
        boolean whole = request.rebalanceTimeoutMs() != NOT_SAID
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                && request.topicPartitions() != null;
        boolean tellsAssignment = request.memberEpoch() == 0
                || whole
                || !before.current().assigned().equals(after.current().assigned());
        return tellsAssignment
                ? answer.setAssignment(
                        ConsumerAnswers.assignment(after.current().assigned().keySet()))
                : answer;
    }

    private static @Nullable Set<PartitionId> owned(ConsumerGroupHeartbeatRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        Set<PartitionId> owned = new TreeSet<>();
        request.topicPartitions()
                .forEach(topic ->
                        topic.partitions().forEach(index -> owned.add(new PartitionId(topic.topicId(), index))));
        return owned;
    }

    private static Decision refuse(
            Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call, Refusal refusal) {
        call.answer().accept(ConsumerAnswers.heartbeat(refusal));
        return Decision.NOTHING;
    }
}
