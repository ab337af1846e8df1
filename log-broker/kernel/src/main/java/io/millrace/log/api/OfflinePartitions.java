package io.millrace.log.api;

import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.replica.ReplicaListener;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The partitions of this broker, of all its shards, whose logs could not be opened. Clients are told that such a one
 * has no leader; every shard answers for all.
 */
public final class OfflinePartitions implements ReplicaListener {

    private final LocalShard shard;
    private final Set<PartitionId> offline = new LinkedHashSet<>();

    public OfflinePartitions(LocalShard shard) {
        this.shard = shard;
    }

    boolean contains(PartitionId partition) {
        return offline.contains(partition);
    }

    @Override
    public void partitionOffline(PartitionId partition) {
        everywhere(known -> known.add(partition));
    }

    @Override
    public void partitionOpened(PartitionLeader partition) {
        PartitionId id = partition.id();
        if (offline.contains(id)) {
            everywhere(known -> known.remove(id));
        }
    }

    private void everywhere(Consumer<Set<PartitionId>> change) {
        for (int other = 0; other < shard.shards(); other++) {
            var _ = shard.ask(other, there -> {
                change.accept(there.offline().offline);
                return Promise.of(true);
            });
        }
    }
}
