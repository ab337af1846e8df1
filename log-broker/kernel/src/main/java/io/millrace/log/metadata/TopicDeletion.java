package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on the deletion of topics. */
public final class TopicDeletion {

    /** A topic named by one of name and id; the other is null or the zero id. */
    public record Target(@Nullable String name, Uuid id) {}

    /** What became of one topic; name and id both, as far as the topic exists. */
    public record Deleted(@Nullable String name, Uuid id, Errors error) {}

    private TopicDeletion() {}

    public static Decision<List<Deleted>> decide(ClusterImage image, List<Target> targets, ChangeBudget budget) {
        List<MetadataRecord> records = new ArrayList<>();
        List<Deleted> results = new ArrayList<>();
        TreeSet<Uuid> seen = new TreeSet<>();
        for (Target target : targets) {
            String name = target.name();
            TopicImage topic = name != null ? image.topic(name) : image.topic(target.id());
            boolean byOneOfBoth = (name != null) == target.id().equals(Uuid.ZERO_UUID);
            if (!byOneOfBoth) {
                results.add(new Deleted(name, target.id(), Errors.INVALID_REQUEST));
            } else if (topic == null) {
                Errors error = name != null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID;
                results.add(new Deleted(name, target.id(), error));
            } else if (!seen.add(topic.id())) {
                results.add(new Deleted(topic.name(), topic.id(), Errors.INVALID_REQUEST));
            } else if (!budget.take(topic.partitions().size())) {
                results.add(new Deleted(topic.name(), topic.id(), Errors.THROTTLING_QUOTA_EXCEEDED));
            } else {
                records.add(new MetadataRecord.TopicDeleted(topic.id()));
                results.add(new Deleted(topic.name(), topic.id(), Errors.NONE));
            }
        }
        return new Decision<>(records, results);
    }
}
