package io.millrace.log.group;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The consumer groups (KIP-848) of one coordinator: what its requests, its log and the time bring about in them. */
final class ConsumerGroups {

    private final ConsumerGroupSettings settings;
    private final GroupTable groups;
    private final RegexSubscriptions regexes;
    private final ConsumerSessions sessions;
    private final ConsumerHeartbeatDecisions heartbeats;
    private final ConsumerLeaveDecisions leaves;
    private final MixedJoinDecisions mixedJoins;
    private final MixedMemberDecisions mixedMembers;
    private final ConsumerGroupQueries queries;

    ConsumerGroups(
            ConsumerGroupSettings settings,
            MemberIds memberIds,
            GroupTable groups,
            Deadlines deadlines,
            Rebalance rebalance) {
        this.settings = settings;
        this.groups = groups;
        GroupEpochs epochs = new GroupEpochs(settings);
        Downgrade downgrade = new Downgrade(groups, settings, rebalance);
        ConsumerFencing fencing = new ConsumerFencing(groups, deadlines, epochs, downgrade);
        sessions = new ConsumerSessions(deadlines, fencing);
        regexes = new RegexSubscriptions(settings);
        ConsumerSteps steps = new ConsumerSteps(settings, epochs, regexes, sessions);
        heartbeats = new ConsumerHeartbeatDecisions(groups, settings, memberIds, steps, sessions);
        mixedJoins = new MixedJoinDecisions(groups, settings, memberIds, steps, sessions, downgrade);
        mixedMembers = new MixedMemberDecisions(settings, epochs, fencing, sessions);
        leaves = new ConsumerLeaveDecisions(groups, fencing);
        queries = new ConsumerGroupQueries(groups, settings);
    }

    Decision heartbeat(Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call) {
        Refusal refusal =
                ConsumerRequestRules.refusal(call.request(), call.caller().version(), settings);
        if (refusal != null) {
            call.answer().accept(ConsumerAnswers.heartbeat(refusal));
            return Decision.NOTHING;
        }
        return call.request().memberEpoch() < 0 ? leaves.leave(call) : heartbeats.heartbeat(call);
    }

    /** JoinGroup of classic members of a consumer group that has members. */
    MixedJoinDecisions mixedJoins() {
        return mixedJoins;
    }

    /** What else classic members of a consumer group ask for. */
    MixedMemberDecisions mixedMembers() {
        return mixedMembers;
    }

    Decision describe(Call<String, DescribedGroup> call) {
        DescribedGroup described = queries.describe(call.request());
        return Decision.read(error -> call.answer()
                .accept(error == Errors.NONE ? described : ConsumerAnswers.describeFailed(call.request(), error)));
    }

    /** A member that is gone has no deadlines any more. */
    void replay(ConsumerGroupRecord record) {
        groups.replay(record);
        if (record instanceof ConsumerGroupRecord.Profile profile && profile.isTombstone()) {
            sessions.end(profile.groupId(), profile.memberId());
        }
        if (record instanceof ConsumerGroupRecord.Epoch epoch && epoch.isTombstone()) {
            regexes.forget(epoch.groupId());
        }
    }

    /** Every member has another session timeout to find this coordinator. */
    void loaded(long nowMs) {
        for (ConsumerGroup group : groups.allConsumers()) {
            for (ConsumerMember each : group.members()) {
                sessions.keepAlive(group.id(), each.id(), nowMs, settings.sessionTimeoutMs(group.id(), each));
                if (each.current().state() == Reconciliation.UNREVOKED_PARTITIONS && !each.isClassic()) {
                    sessions.awaitRevocation(group.id(), each, nowMs);
                }
            }
        }
    }
}
