package io.millrace.log.metadata;

import org.jspecify.annotations.Nullable;

/**
 * What one broker is told at start.
 *
 * @param brokerId 0 or above, unique in the cluster
 * @param advertisedHost offered to clients in Metadata; null offers each client the address it reached us by
 * @param port offered to clients in Metadata
 * @param autoCreateTopics whether Metadata may create the topics a client names
 * @param partitionsDefault partitions of a topic created without a count, 1 or above
 * @param logFlush what an acknowledgement means for topics that do not say it themselves
 */
public record BrokerConfig(
        int brokerId,
        @Nullable String advertisedHost,
        int port,
        boolean autoCreateTopics,
        int partitionsDefault,
        LogFlush logFlush) {

    public BrokerConfig {
        if (brokerId < 0) {
            throw new IllegalArgumentException("broker id must be 0 or above, was " + brokerId);
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be in 0..65535, was " + port);
        }
        if (partitionsDefault < 1) {
            throw new IllegalArgumentException("default partitions must be 1 or above, was " + partitionsDefault);
        }
    }
}
