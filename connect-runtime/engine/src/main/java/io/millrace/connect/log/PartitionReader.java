package io.millrace.connect.log;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads chosen partitions from chosen offsets, as a member of no group: it commits nothing, and leaves nothing in the
 * log. Where the log no longer has the wanted offset, reading begins at the oldest record it has.
 *
 * <p><b>Threads.</b> One thread uses a reader; only {@link #wakeup()} may come from another.
 */
public interface PartitionReader extends AutoCloseable {

    /**
     * Waits at most {@code timeout} for records and returns those that came, possibly none. Returns early, with none,
     * after {@link #wakeup()}.
     *
     * @throws LogFailure when reading is not possible
     */
    List<StoredRecord> poll(Duration timeout);

    /** The offset that the next poll of this partition starts from; what is no record is passed over. */
    long position(TopicPartition partition);

    /** Makes the poll that is under way, or the next one, return at once. */
    void wakeup();

    @Override
    void close();
}
