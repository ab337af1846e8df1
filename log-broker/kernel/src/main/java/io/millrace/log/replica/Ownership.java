package io.millrace.log.replica;

import io.millrace.log.types.PartitionId;

/**
 * Which shard of a broker owns which partition. A pure function of the id, so that every shard knows it without asking.
 *
 * @param shard this one, from 0
 * @param shards number of shards of the broker; fixed for the life of the process
 */
public record Ownership(int shard, int shards) {

    public Ownership {
        if (shards < 1 || shard < 0 || shard >= shards) {
            throw new IllegalArgumentException("shard " + shard + " of " + shards + " does not exist");
        }
    }

    public int ownerOf(PartitionId partition) {
        return Math.floorMod(partition.topic().hashCode() + partition.index(), shards);
    }

    public boolean owns(PartitionId partition) {
        return ownerOf(partition) == shard;
    }
}
