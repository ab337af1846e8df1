package io.millrace.log.replica;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.storage.Recovery;
import org.apache.kafka.common.TopicIdPartition;

/** What the partitions of a shard ask of the world. No call blocks or calls back. */
public interface ReplicaEffects {

    /** Asks for one sync of a file; answered by {@link Replicas#synced} or {@link Replicas#syncFailed}. */
    void sync(long ticket, DiskFile file);

    /** Tells the operator that a partition takes no more writes, or could not be opened, and why. */
    void partitionStopped(TopicIdPartition partition, DiskFailure cause);

    /** Tells the operator that bytes at the end of a partition were cut off when it was opened, and why. */
    void partitionCut(TopicIdPartition partition, Recovery recovery);
}
