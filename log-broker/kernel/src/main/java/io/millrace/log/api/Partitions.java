package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.PartitionId;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Checks that every request on a partition begins with. */
final class Partitions {

    /** The client does not say which leader epoch it knows. */
    private static final int NO_EPOCH = -1;

    private Partitions() {}

    /** UNKNOWN_TOPIC_OR_PARTITION if the metadata does not have the partition. */
    static Errors exists(LocalShard here, TopicPartition partition) {
        TopicImage topic = here.image().topic(partition.topic());
        return topic == null || topic.partition(partition.partition()) == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : Errors.NONE;
    }

    /** Why a partition is not among those that {@code owner} leads. */
    static Errors missing(LocalShard owner, PartitionId partition) {
        TopicImage topic = owner.image().topic(partition.topic());
        return topic == null || topic.partition(partition.index()) == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : owner.replicas().missing(partition);
    }

    /** Compares the leader epoch a client knows with the one in force (KIP-320). */
    static Errors checkEpoch(PartitionLeader leader, int clientEpoch) {
        if (clientEpoch == NO_EPOCH || clientEpoch == leader.leaderEpoch()) {
            return Errors.NONE;
        }
        return clientEpoch < leader.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
