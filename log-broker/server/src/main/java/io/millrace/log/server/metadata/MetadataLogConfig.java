package io.millrace.log.server.metadata;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the metadata log lives, and who shares it.
 *
 * @param directory this peer's files, below the broker's data directory
 * @param clusterId a Kafka cluster id: 22 characters that stand for 16 bytes. It is also the identity of the Raft
 *     group, so that logs of different clusters never mix
 * @param brokerId this peer, one of {@code peers}
 * @param peers broker ids of all peers
 * @param format whether to begin an empty log. Otherwise the files must be there: an empty directory is never taken for
 *     an empty log
 */
public record MetadataLogConfig(Path directory, String clusterId, int brokerId, List<Integer> peers, boolean format) {

    public MetadataLogConfig {
        peers = List.copyOf(peers);
        if (!peers.contains(brokerId)) {
            throw new IllegalArgumentException("broker " + brokerId + " is not among the peers " + peers);
        }
    }
}
