package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * Makes a classic group of a consumer group when its last member of the consumer protocol is gone and members of the
 * classic protocol are left (KIP-848). Their generation is the group's epoch; whoever has not come there is left behind
 * by it, as in any rebalance. Nobody leads the new group yet, which stands in the log: so this coordinator, or one that
 * takes over, has the members assign anew.
 */
final class Downgrade {

    private final GroupTable groups;
    private final ConsumerGroupSettings settings;
    private final Rebalance rebalance;

    Downgrade(GroupTable groups, ConsumerGroupSettings settings, Rebalance rebalance) {
        this.groups = groups;
        this.settings = settings;
        this.rebalance = rebalance;
    }

    /** Whether the group is to be a classic one once these members are gone. */
    boolean isDue(ConsumerGroup group, Collection<String> leaving) {
        int left = group.size() - leaving.size();
        boolean mayBe = settings.config().mayDowngrade() && left > 0 && left <= settings.classicMembersMax();
        return mayBe
                && group.members().stream().allMatch(each -> each.isClassic() || leaving.contains(each.id()))
                && group.hasCommonClassicProtocol();
    }

    /** @param then told how that went */
    Decision decide(ConsumerGroup group, Collection<String> leaving, long nowMs, Outcome then) {
        ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
        draft.removeGroup();
        List<CoordinatorRecord> records = new ArrayList<>(draft.records());
        List<Member> members = group.members().stream()
                .filter(each -> !leaving.contains(each.id()))
                .map(each -> member(group, each))
                .toList();
        ClassicGroup classic = ClassicGroup.withoutLeader(group.id(), group.epoch(), nowMs, members);
        records.add(GroupRecordCodec.group(group.id(), classic.store(classic.assignments())));
        return new Decision(records, new Downgraded(group.id(), then));
    }

    private Member member(ConsumerGroup group, ConsumerMember member) {
        ClassicFace face = member.classic();
        if (face == null) {
            throw new IllegalStateException(member.id() + " does not speak the classic protocol");
        }
        Map<String, byte[]> protocols = new LinkedHashMap<>();
        face.protocols().forEach(each -> protocols.put(each.name(), each.bytes()));
        MemberTimeouts timeouts =
                new MemberTimeouts(member.subscription().rebalanceTimeoutMs(), face.sessionTimeoutMs());
        Member classic = new Member(member.profile().identity(), timeouts, protocols);
        classic.assign(EmbeddedProtocol.assignment(
                group.target(member.id()), face.favourite().metadata(), settings.image()));
        return classic;
    }

    /** The records may be in the log even if nobody could be told in time. */
    private final class Downgraded implements Outcome {
        private final String groupId;
        private final Outcome then;

        Downgraded(String groupId, Outcome then) {
            this.groupId = groupId;
            this.then = then;
        }

        @Override
        public Decision committed(long nowMs) {
            then.committed(nowMs);
            return assignAnew(nowMs);
        }

        @Override
        public Decision failed(long nowMs, Errors error) {
            then.failed(nowMs, error);
            return assignAnew(nowMs);
        }

        private Decision assignAnew(long nowMs) {
            ClassicGroup group = groups.find(groupId);
            return group == null ? Decision.NOTHING : rebalance.assignIfNobodyLeads(group, nowMs);
        }
    }
}
