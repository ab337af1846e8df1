package io.millrace.connect.offset;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers, for one sink task, how far each of its partitions was delivered and committed. An offset here is that of
 * the next record, as everywhere in a group's commits.
 *
 * <p><b>Threads.</b> The task's thread only.
 */
public final class SinkPositions {

    /** More marks than this of one partition are thinned out: quantiles do not need every record. */
    private static final int MARKS_MAX = 8_192;

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    /** One assigned partition. */
    private static final class Partition {
        private final long first;
        private long delivered;
        private long committed;
        private int stride = 1;
        private int skipped;
        private final Deque<Mark> marks = new ArrayDeque<>();

        private Partition(long position) {
            first = position;
            delivered = position;
            committed = position;
        }
    }

    /** A delivered record that is not yet known to be visible in the target. */
    private record Mark(long offset, long timestampMs) {}

    /** The partition is ours, to be read from this offset. */
    public void assign(TopicPartition partition, long position) {
        partitions.put(partition, new Partition(position));
    }

    /** The partition is no longer ours. */
    public void remove(TopicPartition partition) {
        partitions.remove(partition);
    }

    public Set<TopicPartition> assigned() {
        return Set.copyOf(partitions.keySet());
    }

    /** The sink took the record at this offset, or it was dropped on purpose. */
    public void delivered(TopicPartition partition, long offset, long timestampMs) {
        Partition state = partitions.get(partition);
        if (state == null) {
            return;
        }
        state.delivered = offset + 1;
        if (++state.skipped >= state.stride && timestampMs >= 0) {
            state.skipped = 0;
            state.marks.add(new Mark(offset, timestampMs));
        }
        if (state.marks.size() > MARKS_MAX) {
            thinOut(state);
        }
    }

    private static void thinOut(Partition state) {
        boolean keep = false;
        for (Iterator<Mark> marks = state.marks.iterator(); marks.hasNext(); keep = !keep) {
            marks.next();
            if (!keep) {
                marks.remove();
            }
        }
        state.stride *= 2;
    }

    /** The sink asked to be given the records from this offset on once more, or to leave some out. */
    public void rewind(TopicPartition partition, long offset) {
        Partition state = partitions.get(partition);
        if (state != null) {
            state.delivered = offset;
            state.marks.removeIf(mark -> mark.offset() >= offset);
        }
    }

    /** How far each of these partitions was delivered. */
    public Map<TopicPartition, Long> delivered(Set<TopicPartition> of) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        of.forEach(partition -> {
            Partition state = partitions.get(partition);
            if (state != null) {
                offsets.put(partition, state.delivered);
            }
        });
        return offsets;
    }

    /** How far each of those was delivered that anything was delivered of. */
    public Map<TopicPartition, Long> moved() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach((partition, state) -> {
            if (state.delivered > state.first) {
                offsets.put(partition, state.delivered);
            }
        });
        return offsets;
    }

    /**
     * Those of the offsets that the sink declared safe which may be committed: of partitions that are ours, not beyond
     * what was delivered, and not committed already.
     */
    public Map<TopicPartition, Long> committable(Map<TopicPartition, Long> safe) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        safe.forEach((partition, offset) -> {
            Partition state = partitions.get(partition);
            if (state != null && offset <= state.delivered && offset != state.committed) {
                offsets.put(partition, offset);
            }
        });
        return offsets;
    }

    /** What lies before these offsets can be seen in the target. Gives the timestamp of each record that became so. */
    public void visible(Map<TopicPartition, Long> safe, LongConsumer timestampsMs) {
        safe.forEach((partition, offset) -> {
            Partition state = partitions.get(partition);
            while (state != null && !state.marks.isEmpty() && state.marks.peek().offset() < offset) {
                timestampsMs.accept(state.marks.remove().timestampMs());
            }
        });
    }

    /** Whether all that was delivered is committed. */
    public boolean allCommitted() {
        return partitions.values().stream().allMatch(state -> state.delivered <= state.committed);
    }

    /** The log has these offsets. */
    public void committed(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            Partition state = partitions.get(partition);
            if (state != null) {
                state.committed = offset;
                state.stride = state.marks.isEmpty() ? 1 : state.stride;
            }
        });
    }

    /** The last offset of each partition that is known to be committed. */
    public Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach((partition, state) -> offsets.put(partition, state.committed));
        return offsets;
    }
}
