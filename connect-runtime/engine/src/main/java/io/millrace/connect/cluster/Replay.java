package io.millrace.connect.cluster;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A wish to have a sink read again, or leave records out.
 *
 * @param to where it goes on
 * @param topic only the partitions of this topic; null: those of all topics that the sink reads
 * @param partition only the partition of this number; null: all
 */
public record Replay(
        To to, @Nullable String topic, @Nullable Integer partition) {

    /** A place in every chosen partition. */
    public sealed interface To {

        /** The oldest record that the log has. */
        record Beginning() implements To {}

        /** The first record that is not older. */
        record At(Instant time) implements To {}

        /** An offset; where the log does not have it, the nearest that it has. */
        record Offset(long offset) implements To {}
    }

    boolean covers(TopicPartition candidate) {
        return (topic == null || topic.equals(candidate.topic()))
                && (partition == null || partition == candidate.partition());
    }

    /**
     * What a replay does to one partition.
     *
     * @param from the offset that the sink would have read next
     * @param to the offset that it reads next
     */
    public record Move(TopicPartition partition, long from, long to) {

        /** How many offsets are read once more. Compaction and ends of transactions may leave fewer records. */
        public long again() {
            return Math.max(0, from - to);
        }

        /** How many offsets are left out. */
        public long skipped() {
            return Math.max(0, to - from);
        }
    }

    /** What a replay does, by topic and partition. */
    public record Plan(String connector, List<Move> moves) {

        public long again() {
            return moves.stream().mapToLong(Move::again).sum();
        }

        public long skipped() {
            return moves.stream().mapToLong(Move::skipped).sum();
        }
    }
}
