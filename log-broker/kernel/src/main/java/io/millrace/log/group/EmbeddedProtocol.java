package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's embedded protocol: what members of a classic group of type {@code consumer} tell each other in bytes
 * that their coordinator passes on. Versions 0 to 3; topics are told by name, and those that do not exist stand for no
 * partition.
 */
final class EmbeddedProtocol {

    private EmbeddedProtocol() {}

    /** @throws SchemaException if the bytes are no subscription */
    static ConsumerProtocolSubscription subscription(ByteBuffer metadata) {
        return read(metadata, ConsumerProtocol::deserializeConsumerProtocolSubscription);
    }

    /** What the member said it reads; nothing before version 1. */
    static SortedSet<PartitionId> owned(ConsumerProtocolSubscription subscription, ClusterImage image) {
        SortedSet<PartitionId> owned = new TreeSet<>();
        subscription.ownedPartitions().forEach(each -> add(owned, image.topic(each.topic()), each.partitions()));
        return owned;
    }

    /**
     * What a member was given.
     *
     * @param bytes empty if it was given nothing
     * @throws SchemaException if the bytes are no assignment, or hold more than partitions: what the assignor of the
     *     members says beside them, nobody else can say
     */
    static SortedSet<PartitionId> assigned(byte[] bytes, ClusterImage image) {
        SortedSet<PartitionId> assigned = new TreeSet<>();
        if (bytes.length == 0) {
            return assigned;
        }
        ConsumerProtocolAssignment assignment =
                read(ByteBuffer.wrap(bytes), ConsumerProtocol::deserializeConsumerProtocolAssignment);
        if (assignment.userData() != null && assignment.userData().hasRemaining()) {
            throw new SchemaException("an assignor of its own has said more than partitions");
        }
        assignment.assignedPartitions().forEach(each -> add(assigned, image.topic(each.topic()), each.partitions()));
        return assigned;
    }

    /**
     * An assignment that the member understands.
     *
     * @param metadata the member's subscription, whose version the answer has
     * @throws SchemaException if that is none
     */
    static byte[] assignment(Collection<PartitionId> partitions, ByteBuffer metadata, ClusterImage image) {
        short version = ConsumerProtocol.deserializeVersion(metadata.duplicate());
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        ConsumerAnswers.byTopic(partitions).forEach((id, indexes) -> {
            TopicImage topic = image.topic(id);
            if (topic != null) {
                assignment
                        .assignedPartitions()
                        .add(new ConsumerProtocolAssignment.TopicPartition()
                                .setTopic(topic.name())
                                .setPartitions(new ArrayList<>(indexes)));
            }
        });
        return Utils.toArray(ConsumerProtocol.serializeAssignment(assignment, version));
    }

    private static void add(SortedSet<PartitionId> partitions, @Nullable TopicImage topic, List<Integer> indexes) {
        if (topic != null) {
            indexes.forEach(each -> partitions.add(new PartitionId(topic.id(), each)));
        }
    }

    /** The generated readers throw whatever they come upon. */
    private static <T> T read(ByteBuffer bytes, Function<ByteBuffer, T> reader) {
        try {
            return reader.apply(bytes.duplicate());
        } catch (SchemaException unreadable) {
            throw unreadable;
        } catch (RuntimeException unreadable) {
            throw new SchemaException("what a member said cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
