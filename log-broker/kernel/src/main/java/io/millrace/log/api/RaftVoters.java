package io.millrace.log.api;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Why the voters of the metadata log do not change. */
final class RaftVoters {

    static final String FIXED = "The one voter of this cluster is its one broker.";

    private RaftVoters() {}

    /** @param clusterId which cluster the client believes this to be; null if it does not say */
    static Errors refusal(LocalShard shard, @Nullable String clusterId) {
        return clusterId != null && !clusterId.equals(shard.image().clusterId())
                ? Errors.INCONSISTENT_CLUSTER_ID
                : Errors.UNSUPPORTED_VERSION;
    }
}
