package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on more partitions for topics that exist. */
public final class PartitionCreation {

    /**
     * A topic that is to have {@code count} partitions.
     *
     * @param assignments broker ids of each new partition, or null to let the controller choose
     */
    public record Growth(String topic, int count, @Nullable List<List<Integer>> assignments) {}

    /** What became of one topic. */
    public record Grown(
            String topic, Errors error, @Nullable String message) {}

    private PartitionCreation() {}

    /**
     * Decides on all topics of a request, each by itself; {@code validateOnly} changes nothing. A topic that stands
     * there more than once is refused, once.
     */
    public static Decision<List<Grown>> decide(
            ClusterImage image, List<Growth> growths, boolean validateOnly, ChangeBudget budget) {
        List<MetadataRecord> records = new ArrayList<>();
        List<Grown> results = new ArrayList<>();
        Map<String, Growth> byTopic = new LinkedHashMap<>();
        Set<String> twice = new LinkedHashSet<>();
        for (Growth growth : growths) {
            if (byTopic.put(growth.topic(), growth) != null) {
                twice.add(growth.topic());
            }
        }
        for (String each : twice) {
            byTopic.remove(each);
            results.add(new Grown(each, Errors.INVALID_REQUEST, "Duplicate topic name."));
        }
        for (Growth growth : byTopic.values()) {
            List<MetadataRecord> added = new ArrayList<>();
            Grown result = decide(image, growth, added);
            if (result.error() == Errors.NONE && !budget.take(partitions(added))) {
                Errors over = Errors.THROTTLING_QUOTA_EXCEEDED;
                result = new Grown(growth.topic(), over, over.message());
            } else {
                records.addAll(added);
            }
            results.add(result);
        }
        return validateOnly ? Decision.unchanged(results) : new Decision<>(records, results);
    }

    private static int partitions(List<MetadataRecord> records) {
        int partitions = 0;
        for (MetadataRecord record : records) {
            partitions += record instanceof MetadataRecord.PartitionsAdded added
                    ? added.partitions().size()
                    : 0;
        }
        return partitions;
    }

    private static Grown decide(ClusterImage image, Growth growth, List<MetadataRecord> records) {
        TopicImage topic = image.topic(growth.topic());
        if (topic == null) {
            return new Grown(growth.topic(), Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
        }
        int now = topic.partitions().size();
        if (growth.count() <= now || growth.count() > TopicCreation.PARTITIONS_MAX) {
            return new Grown(
                    growth.topic(),
                    Errors.INVALID_PARTITIONS,
                    "The topic has " + now + " partitions: the new number must be above, and at most "
                            + TopicCreation.PARTITIONS_MAX + ", but was " + growth.count() + ".");
        }
        int added = growth.count() - now;
        List<List<Integer>> assignments = growth.assignments();
        if (assignments == null) {
            records.add(new MetadataRecord.PartitionsAdded(
                    topic.id(), PartitionPlacement.place(image, topic.id(), now, added)));
            return new Grown(growth.topic(), Errors.NONE, null);
        }
        return assigned(image, topic, assignments, added, records);
    }

    private static Grown assigned(
            ClusterImage image,
            TopicImage topic,
            List<List<Integer>> assignments,
            int added,
            List<MetadataRecord> records) {
        if (assignments.size() != added) {
            return new Grown(
                    topic.name(),
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    added + " partitions are added, but " + assignments.size() + " assignments were given.");
        }
        List<PartitionState> partitions = new ArrayList<>();
        for (int i = 0; i < added; i++) {
            List<Integer> brokers = assignments.get(i);
            String problem =
                    PartitionPlacement.problem(image, topic.partitions().size() + i, brokers);
            if (problem != null) {
                return new Grown(topic.name(), Errors.INVALID_REPLICA_ASSIGNMENT, problem);
            }
            partitions.add(PartitionState.on(brokers.getFirst()));
        }
        records.add(new MetadataRecord.PartitionsAdded(topic.id(), partitions));
        return new Grown(topic.name(), Errors.NONE, null);
    }
}
