package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.types.PartitionId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One group of the consumer protocol (KIP-848): its members, what each is to read in the end, and what each holds now.
 *
 * <p>All of it stands in the log, and changes by {@link #apply} only. Three epochs follow each other: the group's moves
 * when members or topics change; the target's, when targets are computed for that; each member's, when it has come
 * there. Everything is sorted, so that the same records give the same group, and the same answers.
 *
 * <p>Life cycle: made by the first record of its id, gone with the tombstone of its epoch.
 */
final class ConsumerGroup {

    /** The names of ListGroups and ConsumerGroupDescribe. */
    enum State {
        EMPTY("Empty"),
        ASSIGNING("Assigning"),
        RECONCILING("Reconciling"),
        STABLE("Stable");

        private final String label;

        State(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private static final int FIRST_EPOCH = 1;
    private static final ConsumerGroupRecord.TargetEpoch.Value NO_TARGET =
            new ConsumerGroupRecord.TargetEpoch.Value(-1, 0);

    private final String groupId;
    private final SortedMap<String, ConsumerMember> members;
    private final Map<String, String> memberIdByInstance;
    private final SortedMap<String, SortedSet<PartitionId>> targets;
    private final SortedMap<String, ResolvedRegex> regexes;
    private final SortedMap<PartitionId, String> holders;
    private ConsumerGroupRecord.Epoch.Value epoch = new ConsumerGroupRecord.Epoch.Value(FIRST_EPOCH, 0);
    private ConsumerGroupRecord.TargetEpoch.Value target = NO_TARGET;
    private boolean hasOldTopics;

    /** Not in the log: the metadata for which the epoch is known to be right. */
    private @Nullable ClusterImage checkedImage;

    ConsumerGroup(String groupId) {
        this.groupId = groupId;
        members = new TreeMap<>();
        memberIdByInstance = new LinkedHashMap<>();
        targets = new TreeMap<>();
        regexes = new TreeMap<>();
        holders = new TreeMap<>();
    }

    private ConsumerGroup(ConsumerGroup from) {
        groupId = from.groupId;
        members = new TreeMap<>(from.members);
        memberIdByInstance = new LinkedHashMap<>(from.memberIdByInstance);
        targets = new TreeMap<>(from.targets);
        regexes = new TreeMap<>(from.regexes);
        holders = new TreeMap<>(from.holders);
        epoch = from.epoch;
        target = from.target;
        hasOldTopics = from.hasOldTopics;
    }

    /** Another group that is the same now. */
    ConsumerGroup copy() {
        return new ConsumerGroup(this);
    }

    String id() {
        return groupId;
    }

    int epoch() {
        return epoch.epoch();
    }

    long topicsHash() {
        return epoch.topicsHash();
    }

    /** The epoch for which targets were computed last; -1 if they never were. */
    int targetEpoch() {
        return target.epoch();
    }

    /** When targets were computed last, or when the last member left; 0 if never or unknown. */
    long targetTimestampMs() {
        return target.timestampMs();
    }

    boolean hasOldTopics() {
        return hasOldTopics;
    }

    State state() {
        if (members.isEmpty()) {
            return State.EMPTY;
        }
        if (epoch() > targetEpoch()) {
            return State.ASSIGNING;
        }
        boolean stable =
                members.values().stream().allMatch(each -> each.current().isReconciledTo(targetEpoch()));
        return stable ? State.STABLE : State.RECONCILING;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    /** In the order of their ids. */
    Collection<ConsumerMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    @Nullable
    ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    @Nullable
    ConsumerMember staticMember(@Nullable String instanceId) {
        String memberId = instanceId == null ? null : memberIdByInstance.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /** What a member is to read in the end. */
    SortedSet<PartitionId> target(String memberId) {
        return targets.getOrDefault(memberId, Collections.emptySortedSet());
    }

    boolean hasTarget(String memberId) {
        return targets.containsKey(memberId);
    }

    boolean hasTargets() {
        return !targets.isEmpty();
    }

    /** By the expression, sorted. */
    SortedMap<String, ResolvedRegex> regexes() {
        return Collections.unmodifiableSortedMap(regexes);
    }

    /** Whether a member may still read the partition. */
    boolean isHeld(PartitionId partition) {
        return holders.containsKey(partition);
    }

    /** Whether any of what the member is to read in the end, and does not yet, may still be read by others. */
    boolean waitsForOthers(ConsumerMember member) {
        return target(member.id()).stream()
                .anyMatch(each -> !member.current().assigned().containsKey(each) && isHeld(each));
    }

    /** Whether the classic members have a protocol in common; true if there are none. */
    boolean hasCommonClassicProtocol() {
        Set<String> common = commonClassicProtocols();
        return common == null || !common.isEmpty();
    }

    /** Whether a classic member that knows these protocols can be in the group with those that are. */
    boolean acceptsClassic(Set<String> protocols) {
        Set<String> common = commonClassicProtocols();
        return common == null ? !protocols.isEmpty() : common.stream().anyMatch(protocols::contains);
    }

    /** Null if there are no classic members. */
    private @Nullable Set<String> commonClassicProtocols() {
        Set<String> common = null;
        for (ConsumerMember each : members.values()) {
            ClassicFace classic = each.classic();
            if (classic != null) {
                common = common == null ? classic.names() : common;
                common.retainAll(classic.names());
            }
        }
        return common;
    }

    /** The names that the member subscribes to, and those that its expression stands for. */
    SortedSet<String> topicsOf(ConsumerMember member) {
        MemberSubscription subscription = member.subscription();
        ResolvedRegex resolved = regexes.get(subscription.regex());
        if (resolved == null) {
            return subscription.topics();
        }
        SortedSet<String> topics = new TreeSet<>(subscription.topics());
        topics.addAll(resolved.topics());
        return topics;
    }

    /** The names that any member reads, sorted. */
    SortedSet<String> topics() {
        SortedSet<String> topics = new TreeSet<>();
        SortedSet<String> expressions = subscribedRegexes();
        members.values().forEach(each -> topics.addAll(each.subscription().topics()));
        regexes.forEach((regex, resolved) -> {
            if (expressions.contains(regex)) {
                topics.addAll(resolved.topics());
            }
        });
        return topics;
    }

    /** The expressions that any member subscribes to, sorted. */
    SortedSet<String> subscribedRegexes() {
        SortedSet<String> subscribed = new TreeSet<>();
        for (ConsumerMember each : members.values()) {
            if (each.subscription().hasRegex()) {
                subscribed.add(each.subscription().regex());
            }
        }
        return subscribed;
    }

    boolean isCheckedFor(ClusterImage image) {
        return checkedImage == image;
    }

    /** The epoch and its hash are right for this metadata. */
    void checkedFor(ClusterImage image) {
        checkedImage = image;
    }

    /** Takes in what a record of this group says. The tombstone of the epoch is not for the group to see. */
    void apply(ConsumerGroupRecord record) {
        switch (record) {
            case ConsumerGroupRecord.Epoch each -> epoch = each.value() == null ? epoch : each.value();
            case ConsumerGroupRecord.OldTopics each -> hasOldTopics = !each.isTombstone();
            case ConsumerGroupRecord.TargetEpoch each -> target = each.value() == null ? NO_TARGET : each.value();
            case ConsumerGroupRecord.Profile each -> applyProfile(each.memberId(), each.value());
            case ConsumerGroupRecord.Target each -> set(targets, each.memberId(), each.value());
            case ConsumerGroupRecord.Current each -> applyCurrent(each.memberId(), each.value());
            case ConsumerGroupRecord.Regex each -> set(regexes, each.regex(), each.value());
        }
    }

    private static <K, V> void set(Map<K, V> map, K key, @Nullable V value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    private void applyProfile(String memberId, ConsumerMember.@Nullable Profile profile) {
        ConsumerMember before = members.get(memberId);
        if (before != null && before.instanceId() != null) {
            memberIdByInstance.remove(before.instanceId(), memberId);
        }
        if (profile == null) {
            hold(memberId, before, CurrentAssignment.LEAVING);
            members.remove(memberId);
            return;
        }
        members.put(memberId, (before == null ? ConsumerMember.unknown(memberId) : before).with(profile));
        String instanceId = profile.identity().instanceId();
        if (instanceId != null) {
            memberIdByInstance.put(instanceId, memberId);
        }
    }

    private void applyCurrent(String memberId, @Nullable CurrentAssignment current) {
        ConsumerMember before = members.get(memberId);
        if (current == null) {
            hold(memberId, before, CurrentAssignment.LEAVING);
            if (before != null) {
                members.put(memberId, before.with(CurrentAssignment.LEAVING));
            }
            return;
        }
        hold(memberId, before, current);
        members.put(memberId, (before == null ? ConsumerMember.unknown(memberId) : before).with(current));
    }

    /**
     * What one member lets go counts only if nobody took it since: compaction may have dropped the record by which it
     * let go in time.
     */
    private void hold(String memberId, @Nullable ConsumerMember before, CurrentAssignment current) {
        if (before != null) {
            before.current().assigned().keySet().forEach(each -> holders.remove(each, memberId));
            before.current().revoking().keySet().forEach(each -> holders.remove(each, memberId));
        }
        current.assigned().keySet().forEach(each -> holders.put(each, memberId));
        current.revoking().keySet().forEach(each -> holders.put(each, memberId));
    }

    /** All that stands in the log. */
    @Override
    public String toString() {
        return groupId + " " + epoch + " " + target + " " + members + " targets " + targets + " expressions " + regexes
                + " holders " + holders;
    }
}
