package io.millrace.log.group;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.protocol.types.SchemaException;

/**
 * Which topics a group reads, as far as that can be known: members of protocol type {@code consumer} say so in their
 * metadata, of which version 0 is the beginning of every later version. Other types keep their metadata to themselves.
 */
final class Subscriptions {

    private Subscriptions() {}

    static boolean isConsumer(ClassicGroup group) {
        return ConsumerProtocol.PROTOCOL_TYPE.equals(group.protocolType());
    }

    /** Whether a member of a consumer group reads the topic, or may for all we know. */
    static boolean mayRead(ClassicGroup group, String topic) {
        if (group.size() == 0) {
            return false;
        }
        if (group.protocol() == null) {
            return true;
        }
        try {
            return topics(group).contains(topic);
        } catch (SchemaException unreadable) {
            return true;
        }
    }

    private static Set<String> topics(ClassicGroup group) {
        Set<String> topics = new TreeSet<>();
        for (Member each : group.members()) {
            ByteBuffer metadata = ByteBuffer.wrap(each.metadata(group.protocol()));
            ConsumerProtocol.deserializeVersion(metadata);
            topics.addAll(ConsumerProtocol.deserializeConsumerProtocolSubscription(metadata, (short) 0)
                    .topics());
        }
        return topics;
    }
}
