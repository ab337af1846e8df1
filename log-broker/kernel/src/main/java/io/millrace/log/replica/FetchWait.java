package io.millrace.log.replica;

import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;

/**
 * A fetch that found too little and waits on partitions of one shard. Wakes once: when one of them has more records
 * that it may see than it had seen, or closes, or when the wait is ended from outside.
 */
public final class FetchWait {

    private final List<PartitionLeader> partitions;
    private final IsolationLevel isolation;
    private final Promise<Boolean> woken = new Promise<>();

    private FetchWait(List<PartitionLeader> partitions, IsolationLevel isolation) {
        this.partitions = partitions;
        this.isolation = isolation;
    }

    static FetchWait on(List<PartitionLeader> partitions, IsolationLevel isolation) {
        FetchWait wait = new FetchWait(partitions, isolation);
        partitions.forEach(partition -> partition.park(wait));
        return wait;
    }

    IsolationLevel isolation() {
        return isolation;
    }

    /** Completes when the wait is over, for whatever reason. */
    public Promise<Boolean> woken() {
        return woken;
    }

    /** Ends the wait; does nothing if it is over. */
    public void wake() {
        if (!woken.isDone()) {
            partitions.forEach(partition -> partition.unpark(this));
            woken.complete(true);
        }
    }
}
