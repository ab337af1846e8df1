package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on the creation of topics. */
public final class TopicCreation {

    /** Each partition costs files and memory: a bound against typing errors, far above what one broker serves well. */
    static final int PARTITIONS_MAX = 10_000;

    private static final int UNSET = -1;

    /**
     * A topic to be made.
     *
     * @param id given to it if it is made
     * @param partitions a count, or -1 for the default, or -1 if {@code assignments} are given
     * @param replicationFactor -1 for the default
     * @param assignments broker ids by partition, or empty to let the controller choose
     * @param configs by key; a null value is as good as none
     */
    public record NewTopic(
            Uuid id,
            String name,
            int partitions,
            int replicationFactor,
            Map<Integer, List<Integer>> assignments,
            Map<String, @Nullable String> configs) {}

    /** What became of one topic: created, or refused with an error. */
    public record Created(
            String name,
            @Nullable TopicImage topic,
            Errors error,
            @Nullable String message) {}

    private final ClusterImage image;
    private final int partitionsDefault;
    private final TreeSet<String> taken = new TreeSet<>();

    private TopicCreation(ClusterImage image, int partitionsDefault) {
        this.image = image;
        this.partitionsDefault = partitionsDefault;
    }

    /**
     * Decides on all topics of a request, each by itself.
     *
     * @param validateOnly nothing is created; the answer is the one that creating would give
     */
    public static Decision<List<Created>> decide(
            ClusterImage image, List<NewTopic> topics, int partitionsDefault, boolean validateOnly) {
        TopicCreation creation = new TopicCreation(image, partitionsDefault);
        List<Created> results = topics.stream().map(creation::decide).toList();
        if (validateOnly) {
            return Decision.unchanged(results);
        }
        List<MetadataRecord> records = new ArrayList<>();
        for (Created result : results) {
            TopicImage topic = result.topic();
            if (topic != null) {
                records.add(
                        new MetadataRecord.TopicCreated(topic.id(), topic.name(), topic.partitions(), topic.configs()));
            }
        }
        return new Decision<>(records, results);
    }

    private Created decide(NewTopic topic) {
        String badName = badName(topic.name());
        if (badName != null) {
            return refused(topic, Errors.INVALID_TOPIC_EXCEPTION, badName);
        }
        if (image.topic(topic.name()) != null || !taken.add(topic.name())) {
            return refused(topic, Errors.TOPIC_ALREADY_EXISTS, "Topic '" + topic.name() + "' already exists.");
        }
        SortedMap<String, String> configs = new TreeMap<>();
        topic.configs().forEach((key, value) -> {
            if (value != null) {
                configs.put(key, value);
            }
        });
        String badConfig = TopicConfigs.problem(configs);
        if (badConfig != null) {
            return refused(topic, Errors.INVALID_CONFIG, badConfig);
        }
        return topic.assignments().isEmpty() ? placed(topic, configs) : assigned(topic, configs);
    }

    private static @Nullable String badName(String name) {
        try {
            Topic.validate(name);
            return null;
        } catch (InvalidTopicException e) {
            return e.getMessage();
        }
    }

    private Created placed(NewTopic topic, SortedMap<String, String> configs) {
        int count = topic.partitions() == UNSET ? partitionsDefault : topic.partitions();
        if (count < 1 || count > PARTITIONS_MAX) {
            return refused(
                    topic, Errors.INVALID_PARTITIONS, "Number of partitions must be in 1.." + PARTITIONS_MAX + ".");
        }
        int replicas = topic.replicationFactor() == UNSET ? 1 : topic.replicationFactor();
        if (replicas != 1 || image.brokers().isEmpty()) {
            return refused(
                    topic,
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Replication factor " + replicas + " cannot be met: partitions of this cluster have one replica.");
        }
        return created(topic, PartitionPlacement.place(image, topic.id(), 0, count), configs);
    }

    private Created assigned(NewTopic topic, SortedMap<String, String> configs) {
        if (topic.partitions() != UNSET || topic.replicationFactor() != UNSET) {
            return refused(
                    topic,
                    Errors.INVALID_REQUEST,
                    "Give either assignments, or a number of partitions and a replication factor.");
        }
        List<PartitionState> partitions = new ArrayList<>();
        for (int index = 0; index < topic.assignments().size(); index++) {
            List<Integer> brokers = topic.assignments().get(index);
            String problem = PartitionPlacement.problem(image, index, brokers);
            if (brokers == null || problem != null) {
                return refused(topic, Errors.INVALID_REPLICA_ASSIGNMENT, Objects.requireNonNullElse(problem, ""));
            }
            partitions.add(PartitionState.on(brokers.getFirst()));
        }
        return created(topic, partitions, configs);
    }

    private static Created created(NewTopic topic, List<PartitionState> partitions, SortedMap<String, String> configs) {
        TopicImage image = new TopicImage(topic.id(), topic.name(), partitions, configs);
        return new Created(topic.name(), image, Errors.NONE, null);
    }

    private static Created refused(NewTopic topic, Errors error, String message) {
        return new Created(topic.name(), null, error, message);
    }
}
