package io.millrace.log.replica;

import io.millrace.log.types.Timers;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Compacts the partitions of a shard, one after the other, the dirtiest first, and a small piece of work at a time so
 * that requests are served in between.
 */
final class Compaction {

    private static final long PAUSE_MS = 1;

    private record Due(PartitionLeader partition, double dirtyRatio) {}

    private final Timers timers;
    private final Collection<PartitionLeader> partitions;
    private final LongSupplier intervalMillis;
    private final Deque<PartitionLeader> due = new ArrayDeque<>();

    /**
     * @param partitions those of the shard, as they come and go
     * @param intervalMillis {@code log.cleaner.backoff.ms}, as it is now
     */
    Compaction(Timers timers, Collection<PartitionLeader> partitions, LongSupplier intervalMillis) {
        this.timers = timers;
        this.partitions = partitions;
        this.intervalMillis = intervalMillis;
    }

    void start() {
        timers.at(timers.now() + Math.max(PAUSE_MS, intervalMillis.getAsLong()), this::look);
    }

    private void look() {
        List<Due> found = partitions.stream()
                .map(partition -> new Due(partition, partition.dirtyRatio(timers.now())))
                .filter(each -> each.dirtyRatio() > 0)
                .sorted(Comparator.comparingDouble(Due::dirtyRatio).reversed())
                .toList();
        found.forEach(each -> due.add(each.partition()));
        goOn();
    }

    private void goOn() {
        if (due.isEmpty()) {
            start();
        } else {
            timers.at(timers.now() + PAUSE_MS, this::step);
        }
    }

    private void step() {
        PartitionLeader partition = due.getFirst();
        if (partition.isClosed() || !partition.compact(timers.now())) {
            due.removeFirst();
        }
        goOn();
    }
}
