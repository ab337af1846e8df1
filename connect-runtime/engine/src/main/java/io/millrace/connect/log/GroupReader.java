package io.millrace.connect.log;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics as a member of a group: the log shares the partitions out among the members and keeps the group's
 * committed offsets. A partition without a committed offset is read from its beginning.
 *
 * <p><b>Threads.</b> One thread uses a reader; only {@link #wakeup()} may come from another.
 */
public interface GroupReader extends AutoCloseable {

    /** Told of changes of the assignment, always from inside {@link #poll} or {@link #close}. */
    interface AssignmentListener {

        /** These partitions are ours from now on. */
        void assigned(Set<TopicPartition> partitions);

        /** These partitions are about to be another's; offsets may still be committed here. */
        void revoked(Set<TopicPartition> partitions);

        /** These partitions are another's already; offsets can no longer be committed. */
        void lost(Set<TopicPartition> partitions);
    }

    /**
     * Waits at most {@code timeout} for records and returns those of partitions that are not paused, possibly none.
     * Returns early, with none, after {@link #wakeup()}.
     *
     * @throws LogFailure when reading is not possible
     */
    List<StoredRecord> poll(Duration timeout);

    /** Makes the poll that is under way, or the next one, return at once. */
    void wakeup();

    /** The partitions that this reader has now. */
    Set<TopicPartition> assignment();

    /** Who this reader is in its group, for offsets that are committed in a transaction of others. */
    ConsumerGroupMetadata groupMetadata();

    /** The offset that the next poll starts from. */
    long position(TopicPartition partition);

    /** The committed offset of each partition that has one. */
    Map<TopicPartition, Long> committed(Set<TopicPartition> partitions);

    /** How many records the partition holds beyond {@link #position}, as far as is known without asking. */
    OptionalLong remaining(TopicPartition partition);

    void seek(TopicPartition partition, long offset);

    void pause(Collection<TopicPartition> partitions);

    void resume(Collection<TopicPartition> partitions);

    /**
     * Commits, for the group, the offsets of the next records to read, and waits for the answer.
     *
     * @throws LogFailure when the offsets are not committed
     */
    void commit(Map<TopicPartition, Long> offsets);

    /** Leaves the group, within {@code timeout}. */
    void close(Duration timeout);

    @Override
    default void close() {
        close(Duration.ofSeconds(2));
    }
}
