package io.millrace.log.api;

import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** What a client may do, as bits by operation code (KIP-430). Without an authorizer it may do all there is. */
final class AuthorizedOperations {

    static final int TOPIC = bits(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);

    static final int CLUSTER = bits(
            AclOperation.CREATE,
            AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE);

    static final int GROUP = bits(AclOperation.READ, AclOperation.DELETE, AclOperation.DESCRIBE);

    private AuthorizedOperations() {}

    private static int bits(AclOperation... operations) {
        return Stream.of(operations)
                .mapToInt(operation -> 1 << operation.code())
                .reduce(0, (a, b) -> a | b);
    }
}
