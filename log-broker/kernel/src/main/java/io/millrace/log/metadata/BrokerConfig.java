package io.millrace.log.metadata;

import java.util.Collection;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/**
 * What one broker is told at start.
 *
 * @param brokerId 0 or above, unique in the cluster
 * @param advertisedHost offered to clients in Metadata; null offers each client the address it reached us by
 * @param port offered to clients in Metadata
 * @param settings as they are given at its start
 * @param dataDirectory where the partitions lie, as operators know it; shown in DescribeLogDirs
 * @param metadataEpoch in which the broker leads the metadata log; shown in DescribeQuorum
 */
public record BrokerConfig(
        int brokerId,
        @Nullable String advertisedHost,
        int port,
        BrokerSettings settings,
        String dataDirectory,
        int metadataEpoch) {

    public BrokerConfig {
        if (brokerId < 0) {
            throw new IllegalArgumentException("broker id must be 0 or above, was " + brokerId);
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be in 0..65535, was " + port);
        }
    }

    private static final ConfigTable IDENTITY = new ConfigTable("broker")
            .fixed("broker.id", ConfigDef.Type.INT, -1, "The broker's number, unique in its cluster.")
            .fixed("node.id", ConfigDef.Type.INT, -1, "As broker.id.")
            .fixed("log.dirs", ConfigDef.Type.LIST, "", "Where the broker keeps its records.");

    /** What the broker is, as configs in Kafka's names; it is not set by them. */
    public Collection<ConfigKey> identityKeys() {
        return IDENTITY.keys();
    }

    /** The value of one of {@link #identityKeys}. */
    public String identity(String key) {
        return key.equals("log.dirs") ? dataDirectory : Integer.toString(brokerId);
    }
}
