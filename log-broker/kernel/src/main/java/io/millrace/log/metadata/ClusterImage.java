package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's metadata after some prefix of the metadata log. Immutable, shared by all shards; the same records in
 * the same order give equal images.
 *
 * <p>A record that does not fit (it names a topic that is gone, or a name that is taken) changes nothing: of two
 * conflicting changes the first in the log wins, on every broker alike.
 */
public final class ClusterImage {

    private static final ClusterImage EMPTY =
            new ClusterImage(null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0, ClusterSettings.EMPTY);

    private final @Nullable String clusterId;
    private final SortedMap<Integer, BrokerImage> brokers;
    private final SortedMap<String, TopicImage> topicsByName;
    private final SortedMap<Uuid, TopicImage> topicsById;
    private final long nextProducerId;
    private final ClusterSettings settings;

    private ClusterImage(
            @Nullable String clusterId,
            SortedMap<Integer, BrokerImage> brokers,
            SortedMap<String, TopicImage> topicsByName,
            SortedMap<Uuid, TopicImage> topicsById,
            long nextProducerId,
            ClusterSettings settings) {
        this.clusterId = clusterId;
        this.brokers = brokers;
        this.topicsByName = topicsByName;
        this.topicsById = topicsById;
        this.nextProducerId = nextProducerId;
        this.settings = settings;
    }

    public static ClusterImage empty() {
        return EMPTY;
    }

    /** Null before the cluster was named. */
    public @Nullable String clusterId() {
        return clusterId;
    }

    /** In the order of their ids. */
    public Collection<BrokerImage> brokers() {
        return brokers.values();
    }

    public @Nullable BrokerImage broker(int id) {
        return brokers.get(id);
    }

    /** In the order of their names. */
    public Collection<TopicImage> topics() {
        return topicsByName.values();
    }

    public @Nullable TopicImage topic(String name) {
        return topicsByName.get(name);
    }

    public @Nullable TopicImage topic(Uuid id) {
        return topicsById.get(id);
    }

    /** The lowest producer id that was never given away. */
    public long nextProducerId() {
        return nextProducerId;
    }

    public ClusterSettings settings() {
        return settings;
    }

    /** The image after {@code records}; this one stays as it is. */
    public ClusterImage apply(List<MetadataRecord> records) {
        Change change = new Change(this);
        records.forEach(change::apply);
        return change.image();
    }

    /** Records that make this image from the empty one. */
    public List<MetadataRecord> snapshot() {
        List<MetadataRecord> records = new ArrayList<>();
        if (clusterId != null) {
            records.add(new MetadataRecord.ClusterNamed(clusterId));
        }
        brokers.values()
                .forEach(broker ->
                        records.add(new MetadataRecord.BrokerRegistered(broker.id(), broker.host(), broker.port())));
        topicsByName
                .values()
                .forEach(topic -> records.add(new MetadataRecord.TopicCreated(
                        topic.id(), topic.name(), topic.partitions(), topic.configs())));
        records.add(new MetadataRecord.ProducerIdsAllocated(nextProducerId));
        records.addAll(settings.snapshot());
        return records;
    }

    /** Collects the changes of one batch over copies of what the batch touches. */
    private static final class Change {
        private @Nullable String clusterId;
        private final SortedMap<Integer, BrokerImage> brokers;
        private final SortedMap<String, TopicImage> topicsByName;
        private final SortedMap<Uuid, TopicImage> topicsById;
        private long nextProducerId;
        private ClusterSettings settings;

        Change(ClusterImage from) {
            clusterId = from.clusterId;
            brokers = new TreeMap<>(from.brokers);
            topicsByName = new TreeMap<>(from.topicsByName);
            topicsById = new TreeMap<>(from.topicsById);
            nextProducerId = from.nextProducerId;
            settings = from.settings;
        }

        ClusterImage image() {
            return new ClusterImage(clusterId, brokers, topicsByName, topicsById, nextProducerId, settings);
        }

        void apply(MetadataRecord record) {
            switch (record) {
                case MetadataRecord.ClusterNamed named -> clusterId = clusterId == null ? named.clusterId() : clusterId;
                case MetadataRecord.BrokerRegistered broker ->
                    brokers.put(broker.broker(), new BrokerImage(broker.broker(), broker.host(), broker.port()));
                case MetadataRecord.TopicCreated topic -> create(topic);
                case MetadataRecord.PartitionsAdded added -> {
                    TopicImage topic = topicsById.get(added.topic());
                    put(topic == null ? null : topic.withPartitions(added.partitions()));
                }
                case MetadataRecord.TopicConfigured configured -> {
                    TopicImage topic = topicsById.get(configured.topic());
                    put(topic == null ? null : topic.withConfigs(configured.configs()));
                }
                case MetadataRecord.TopicDeleted deleted -> {
                    TopicImage topic = topicsById.remove(deleted.topic());
                    if (topic != null) {
                        topicsByName.remove(topic.name());
                    }
                }
                case MetadataRecord.ProducerIdsAllocated ids -> nextProducerId = Math.max(nextProducerId, ids.next());
                case MetadataRecord.Setting setting -> settings = settings.apply(setting);
            }
        }

        private void create(MetadataRecord.TopicCreated created) {
            if (!topicsByName.containsKey(created.name()) && !topicsById.containsKey(created.topic())) {
                put(new TopicImage(created.topic(), created.name(), created.partitions(), created.configs()));
            }
        }

        private void put(@Nullable TopicImage topic) {
            if (topic != null) {
                topicsByName.put(topic.name(), topic);
                topicsById.put(topic.id(), topic);
            }
        }
    }
}
