package io.millrace.log.api;

import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.TopicCreation;
import io.millrace.log.metadata.TopicCreation.Defaults;
import io.millrace.log.metadata.TopicCreation.NewTopic;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.types.Ids;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/** The topics in which coordinators keep their records. The first to ask for a coordinator has its topic made. */
final class InternalTopics {

    private static final int REPLICAS = 1;

    private InternalTopics() {}

    /** Completes when {@code __consumer_offsets} is there, or could not be made. */
    static Promise<Boolean> offsets(LocalShard shard) {
        GroupConfig config = shard.groups().config();
        return have(shard, Topic.GROUP_METADATA_TOPIC_NAME, config.topicPartitions(), config.topicSegmentBytes());
    }

    /** Completes when {@code __transaction_state} is there, or could not be made. */
    static Promise<Boolean> transactions(LocalShard shard) {
        TransactionConfig config = shard.transactions().config();
        return have(shard, Topic.TRANSACTION_STATE_TOPIC_NAME, config.topicPartitions(), config.topicSegmentBytes());
    }

    private static Promise<Boolean> have(LocalShard shard, String name, int partitions, int segmentBytes) {
        if (shard.image().topic(name) != null) {
            return Promise.of(true);
        }
        NewTopic topic = new NewTopic(
                Ids.random(shard.random()),
                name,
                partitions,
                REPLICAS,
                Map.of(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(segmentBytes)));
        Defaults defaults = Defaults.of(shard.settings());
        return shard.decide(image -> TopicCreation.decide(image, List.of(topic), defaults, false), reason -> List.of())
                .map(ignored -> true);
    }

    /** Which partition of its coordinator's topic a name falls to: the rule that Kafka's own tools go by. */
    static int partitionOf(String name, int partitions) {
        return Utils.abs(name.hashCode()) % partitions;
    }
}
