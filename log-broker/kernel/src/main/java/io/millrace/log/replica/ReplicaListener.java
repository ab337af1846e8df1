package io.millrace.log.replica;

import io.millrace.log.types.PartitionId;

/** Told of the partitions of one shard as they come and go. Called on the shard's loop. */
public interface ReplicaListener {

    /** A partition is open and led here. */
    default void partitionOpened(PartitionLeader partition) {}

    /** A partition is no longer led here: its promises are done, and nothing more is appended. */
    default void partitionClosed(PartitionLeader partition) {}

    /** A partition is led here, but its log cannot be opened: it is offline, unless it is opened later. */
    default void partitionOffline(PartitionId partition) {}
}
