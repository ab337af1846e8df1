package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a consumer group of a classic group with members, when the first member of the consumer protocol joins
 * (KIP-848). The members stay: each holds what it was given last, in an epoch that is the group's generation, and is
 * told to join again with its next heartbeat. Those that wait in a rebalance are told so at once.
 */
final class Upgrade {

    /** The first targets of the new group are not to wait. */
    private static final long UNKNOWN_TIMESTAMP = 0;

    private final ConsumerGroupSettings settings;

    Upgrade(ConsumerGroupSettings settings) {
        this.settings = settings;
    }

    /** Why a classic group has to stay one; null if it need not. */
    @Nullable
    Refusal refusal(ClassicGroup group) {
        if (!settings.config().mayUpgrade()) {
            return refused(group, "members must leave first (group.consumer.migration.policy)");
        }
        if (!Subscriptions.isConsumer(group)) {
            return refused(group, "members are no consumers");
        }
        if (group.size() > settings.config().membersMax()) {
            return refused(group, "members are too many (group.consumer.max.size)");
        }
        try {
            members(group);
            return null;
        } catch (SchemaException unreadable) {
            return refused(group, "members cannot be read: " + unreadable.getMessage());
        }
    }

    /** The consumer group that is to be; for a group that there is no {@link #refusal} of. */
    ConsumerGroupDraft draft(ClassicGroup group) {
        List<ConsumerMember> members = members(group);
        ConsumerGroupDraft draft = new ConsumerGroupDraft(new ConsumerGroup(group.id()));
        draft.writeBeside(GroupRecordCodec.groupTombstone(group.id()));
        members.forEach(draft::writeProfile);
        draft.write(
                new ConsumerGroupRecord.Epoch(group.id(), new ConsumerGroupRecord.Epoch.Value(group.generation(), 0)));
        for (ConsumerMember each : members) {
            SortedSet<PartitionId> held =
                    new TreeSet<>(each.current().assigned().keySet());
            draft.write(new ConsumerGroupRecord.Target(group.id(), each.id(), held));
        }
        draft.writeTargetEpoch(UNKNOWN_TIMESTAMP);
        members.forEach(draft::writeCurrent);
        return draft;
    }

    private List<ConsumerMember> members(ClassicGroup group) {
        ClusterImage image = settings.image();
        List<ConsumerMember> members = new ArrayList<>();
        Set<PartitionId> taken = new LinkedHashSet<>();
        for (Member each : group.members()) {
            ClassicFace face = new ClassicFace(each.timeouts().sessionMs(), protocols(each.protocols()));
            SortedMap<PartitionId, Integer> held = new TreeMap<>();
            EmbeddedProtocol.assigned(each.assignment(), image)
                    .forEach(partition -> held.put(partition, group.generation()));
            if (held.keySet().stream().anyMatch(partition -> !taken.add(partition))) {
                throw new SchemaException("partitions of " + each.id() + " are another member's too");
            }
            members.add(new ConsumerMember(
                    profile(each.identity(), each.timeouts().rebalanceMs(), face),
                    new CurrentAssignment(
                            group.generation(),
                            group.generation(),
                            Reconciliation.STABLE,
                            held,
                            Collections.emptySortedMap())));
        }
        return members;
    }

    /**
     * What a classic member is in a consumer group. All its protocols hold the same subscription.
     *
     * @throws SchemaException if that cannot be read
     */
    static ConsumerMember.Profile profile(MemberIdentity identity, int rebalanceTimeoutMs, ClassicFace face) {
        ConsumerProtocolSubscription subscription =
                EmbeddedProtocol.subscription(face.favourite().metadata());
        return new ConsumerMember.Profile(
                identity,
                new MemberSubscription(
                        new TreeSet<>(subscription.topics()),
                        "",
                        null,
                        subscription.rackId(),
                        rebalanceTimeoutMs,
                        face));
    }

    /** @throws SchemaException if there is none */
    static List<ClassicFace.Protocol> protocols(Map<String, byte[]> inOrder) {
        if (inOrder.isEmpty()) {
            throw new SchemaException("a member knows no protocol");
        }
        List<ClassicFace.Protocol> protocols = new ArrayList<>();
        inOrder.forEach((name, metadata) -> protocols.add(new ClassicFace.Protocol(name, ByteBuffer.wrap(metadata))));
        return protocols;
    }

    private static Refusal refused(ClassicGroup group, String why) {
        return new Refusal(
                Errors.GROUP_ID_NOT_FOUND,
                "Group " + group.id() + " has members of the classic protocol, and stays with that: its " + why + ".");
    }
}
