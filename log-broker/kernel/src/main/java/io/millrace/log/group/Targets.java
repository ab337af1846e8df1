package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/** Computes what the members of a consumer group are to read, for the group's epoch. */
final class Targets {

    private Targets() {}

    /**
     * Writes the targets that differ from what they were, and that they are for the group's epoch now.
     *
     * @param fallback if no member asks for an assignor
     */
    static void compute(ConsumerGroupDraft draft, ClusterImage image, Assignor fallback, long nowMs) {
        ConsumerGroup group = draft.group();
        SortedMap<String, SortedSet<PartitionId>> targets =
                preferred(group, fallback).assign(describe(group, image));
        for (ConsumerMember each : group.members()) {
            SortedSet<PartitionId> target = targets.getOrDefault(each.id(), Collections.emptySortedSet());
            if (!group.hasTarget(each.id()) || !group.target(each.id()).equals(target)) {
                draft.write(new ConsumerGroupRecord.Target(group.id(), each.id(), target));
            }
        }
        draft.writeTargetEpoch(nowMs);
    }

    /** The assignor that most members ask for; the first by name of those that equally many do. */
    static Assignor preferred(ConsumerGroup group, Assignor fallback) {
        SortedMap<String, Integer> votes = new TreeMap<>();
        for (ConsumerMember each : group.members()) {
            String asked = each.subscription().assignor();
            if (asked != null) {
                votes.merge(asked, 1, Integer::sum);
            }
        }
        int most = votes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return votes.entrySet().stream()
                .filter(each -> each.getValue() == most)
                .findFirst()
                .flatMap(each -> Assignor.named(each.getKey()))
                .orElse(fallback);
    }

    private static Assignor.Group describe(ConsumerGroup group, ClusterImage image) {
        SortedMap<String, Assignor.Member> members = new TreeMap<>();
        SortedMap<Uuid, Integer> partitions = new TreeMap<>();
        for (ConsumerMember each : group.members()) {
            SortedSet<Uuid> topics = new TreeSet<>();
            for (String name : group.topicsOf(each)) {
                TopicImage topic = image.topic(name);
                if (topic != null) {
                    topics.add(topic.id());
                    partitions.put(topic.id(), topic.partitions().size());
                }
            }
            members.put(each.id(), new Assignor.Member(each.instanceId(), topics, group.target(each.id())));
        }
        return new Assignor.Group(members, partitions);
    }

    /** The ids of the topics that a member subscribes to, as far as they exist. */
    static SortedSet<Uuid> topicIds(ConsumerGroup group, ConsumerMember member, ClusterImage image) {
        SortedSet<Uuid> ids = new TreeSet<>();
        for (String name : group.topicsOf(member)) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        return ids;
    }
}
