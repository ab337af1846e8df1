package io.millrace.log.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Utils;

/**
 * What a member of a {@link ConsumerGroup} said that speaks the classic protocol, while the group is on its way from
 * the one protocol to the other. Immutable.
 *
 * @param sessionTimeoutMs of its own choice
 * @param protocols that it knows, the one it likes best first; never empty
 */
record ClassicFace(int sessionTimeoutMs, List<Protocol> protocols) {

    /** @param metadata the member's subscription, in the format of the consumer's embedded protocol */
    record Protocol(String name, ByteBuffer metadata) {

        byte[] bytes() {
            return Utils.toArray(metadata);
        }
    }

    ClassicFace {
        protocols = List.copyOf(protocols);
    }

    /** Of the protocols; a set of the caller's own. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        protocols.forEach(each -> names.add(each.name()));
        return names;
    }

    Protocol favourite() {
        return protocols.getFirst();
    }
}
