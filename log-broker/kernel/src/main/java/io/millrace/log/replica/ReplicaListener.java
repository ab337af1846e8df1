package io.millrace.log.replica;

/** Told of the partitions of one shard as they come and go. Called on the shard's loop. */
public interface ReplicaListener {

    /** A partition is open and led here. */
    void partitionOpened(PartitionLeader partition);

    /** A partition is no longer led here: its promises are done, and nothing more is appended. */
    void partitionClosed(PartitionLeader partition);
}
