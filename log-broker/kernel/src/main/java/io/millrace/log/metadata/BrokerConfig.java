package io.millrace.log.metadata;

import org.jspecify.annotations.Nullable;

/**
 * What one broker is told at start.
 *
 * @param brokerId 0 or above, unique in the cluster
 * @param advertisedHost offered to clients in Metadata; null offers each client the address it reached us by
 * @param port offered to clients in Metadata
 * @param topics defaults for topics
 * @param dataDirectory where the partitions lie, as operators know it; shown in DescribeLogDirs
 */
public record BrokerConfig(
        int brokerId, @Nullable String advertisedHost, int port, TopicDefaults topics, String dataDirectory) {

    public BrokerConfig {
        if (brokerId < 0) {
            throw new IllegalArgumentException("broker id must be 0 or above, was " + brokerId);
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be in 0..65535, was " + port);
        }
    }
}
