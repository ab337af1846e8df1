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
     * @param configs by key; a null value is refused
     */
    public record NewTopic(
            Uuid id,
            String name,
            int partitions,
            int replicationFactor,
            Map<Integer, List<Integer>> assignments,
            Map<String, @Nullable String> configs) {}

    /** What a topic has that does not say it itself. */
    public record Defaults(int partitions, int replicas) {

        /** Those of a broker. */
        public static Defaults of(BrokerSettings broker) {
            return new Defaults(
                    broker.integer(BrokerSettings.NUM_PARTITIONS),
                    broker.integer(BrokerSettings.DEFAULT_REPLICATION_FACTOR));
        }
    }

    /** What became of one topic: created, or refused with an error. */
    public record Created(
            String name,
            @Nullable TopicImage topic,
            Errors error,
            @Nullable String message) {}

    private final ClusterImage image;
    private final Defaults defaults;
    private final ChangeBudget budget;
    private final TreeSet<String> taken = new TreeSet<>();

    private TopicCreation(ClusterImage image, Defaults defaults, ChangeBudget budget) {
        this.image = image;
        this.defaults = defaults;
        this.budget = budget;
    }

    /** As the other one, for topics that the broker makes for itself. */
    public static Decision<List<Created>> decide(
            ClusterImage image, List<NewTopic> topics, Defaults defaults, boolean validateOnly) {
        return decide(image, topics, defaults, validateOnly, ChangeBudget.UNLIMITED);
    }

    /**
     * Decides on all topics of a request, each by itself.
     *
     * @param validateOnly nothing is created; the answer is the one that creating would give
     * @param budget charged for every partition, also if nothing is created in the end
     */
    public static Decision<List<Created>> decide(
            ClusterImage image, List<NewTopic> topics, Defaults defaults, boolean validateOnly, ChangeBudget budget) {
        TopicCreation creation = new TopicCreation(image, defaults, budget);
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
        if (topic.name().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
            return refused(topic, Errors.INVALID_REQUEST, "No topic may have the name of the metadata log.");
        }
        String similar = similar(topic.name());
        if (similar != null) {
            return refused(
                    topic,
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + topic.name() + "' collides with '" + similar
                            + "': '.' and '_' count as one character.");
        }
        return configured(topic);
    }

    /** A topic whose metrics would have the same names. */
    private @Nullable String similar(String name) {
        if (!Topic.hasCollisionChars(name)) {
            return null;
        }
        for (TopicImage topic : image.topics()) {
            if (Topic.hasCollision(topic.name(), name)) {
                return topic.name();
            }
        }
        return null;
    }

    private Created configured(NewTopic topic) {
        SortedMap<String, String> configs = new TreeMap<>();
        for (Map.Entry<String, @Nullable String> config : topic.configs().entrySet()) {
            String value = config.getValue();
            if (value == null) {
                return refused(topic, Errors.INVALID_CONFIG, "The value of " + config.getKey() + " is missing.");
            }
            configs.put(config.getKey(), value);
        }
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
        int count = topic.partitions() == UNSET ? defaults.partitions() : topic.partitions();
        if (count < 1) {
            return refused(topic, Errors.INVALID_PARTITIONS, "Number of partitions must be above 0.");
        }
        if (count > PARTITIONS_MAX) {
            return refused(
                    topic, Errors.POLICY_VIOLATION, "Number of partitions must be at most " + PARTITIONS_MAX + ".");
        }
        int replicas = topic.replicationFactor() == UNSET ? defaults.replicas() : topic.replicationFactor();
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

    private Created created(NewTopic topic, List<PartitionState> partitions, SortedMap<String, String> configs) {
        if (!budget.take(partitions.size())) {
            return refused(topic, Errors.THROTTLING_QUOTA_EXCEEDED, Errors.THROTTLING_QUOTA_EXCEEDED.message());
        }
        TopicImage image = new TopicImage(topic.id(), topic.name(), partitions, configs);
        return new Created(topic.name(), image, Errors.NONE, null);
    }

    private static Created refused(NewTopic topic, Errors error, String message) {
        return new Created(topic.name(), null, error, message);
    }
}
