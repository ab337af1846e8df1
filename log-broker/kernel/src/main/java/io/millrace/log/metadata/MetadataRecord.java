package io.millrace.log.metadata;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One change of the cluster's metadata, as it stands in the metadata log. {@link MetadataCodec} turns batches of them
 * into bytes; {@link ClusterImage#apply} is the only place that gives them meaning. Immutable.
 */
public sealed interface MetadataRecord {

    /** The cluster has its identity, given once. */
    record ClusterNamed(String clusterId) implements MetadataRecord {}

    /**
     * A broker is there, at this address. A later record for the same broker replaces it.
     *
     * @param host null if clients are to use the address they reached the broker by
     */
    record BrokerRegistered(int broker, @Nullable String host, int port) implements MetadataRecord {}

    /**
     * A topic exists.
     *
     * @param partitions by index, from 0
     * @param configs what was set for this topic itself, sorted by key
     */
    record TopicCreated(Uuid topic, String name, List<PartitionState> partitions, Map<String, String> configs)
            implements MetadataRecord {

        public TopicCreated {
            partitions = List.copyOf(partitions);
            configs = Sorted.copyOf(configs);
        }
    }

    /** A topic has more partitions, following those it had. */
    record PartitionsAdded(Uuid topic, List<PartitionState> partitions) implements MetadataRecord {

        public PartitionsAdded {
            partitions = List.copyOf(partitions);
        }
    }

    /** These configs, and no others, are set for a topic. */
    record TopicConfigured(Uuid topic, Map<String, String> configs) implements MetadataRecord {

        public TopicConfigured {
            configs = Sorted.copyOf(configs);
        }
    }

    /** A topic and all its records are gone for good. */
    record TopicDeleted(Uuid topic) implements MetadataRecord {}

    /** Producer ids below {@code next} are given away. */
    record ProducerIdsAllocated(long next) implements MetadataRecord {}

    /** A change of {@link ClusterSettings}. */
    sealed interface Setting extends MetadataRecord {}

    /** These configs, and no others, are set for a resource that is no topic; none at all forgets it. */
    record ResourceConfigured(ConfiguredResource resource, Map<String, String> configs) implements Setting {

        public ResourceConfigured {
            configs = Sorted.copyOf(configs);
        }
    }

    /** How a user's password is checked; no secret means that the user cannot log in by this mechanism. */
    record ScramSecretSet(ScramLogin login, @Nullable ScramSecret secret) implements Setting {}

    /** These client quotas, and no others, are set for an entity; none at all forgets it. */
    record ClientQuotaSet(QuotaEntity entity, Map<String, Double> quotas) implements Setting {

        public ClientQuotaSet {
            quotas = Sorted.copyOf(quotas);
        }
    }
}
