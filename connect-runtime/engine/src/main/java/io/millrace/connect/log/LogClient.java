package io.millrace.connect.log;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * All that the runtime asks of the log. What implements it decides where the log is: a cluster reached over the Kafka
 * protocol, or a broker in the same process.
 *
 * <p>The few foreign types in it ({@code TopicPartition}, {@code Headers}, {@code TimestampType}) are those that the
 * Connect API itself hands to plugins.
 *
 * <p><b>Life cycle.</b> Whoever opens an appender, reader or table closes it; closing the client comes last.
 *
 * <p><b>Errors.</b> Every method throws {@link LogFailure}, after the client's own retries.
 *
 * <p><b>Threads.</b> Any thread may use the client.
 */
public interface LogClient extends AutoCloseable {

    /** The id that the cluster gave itself. */
    String clusterId();

    /** How many nodes the log has now: an upper bound of any replication factor. */
    int nodeCount();

    /**
     * @param clientId names the appender in the log's own metrics and messages
     * @param overrides settings of the client that take precedence (Kafka's producer keys), unvalidated
     */
    LogAppender openAppender(String clientId, Map<String, String> overrides);

    /**
     * Opens an appender that appends in transactions.
     *
     * @param transactionalId who writes: of the appenders with one id, only the one that took it over last can write
     * @param clientId as for {@link #openAppender}
     * @param overrides as for {@link #openAppender}
     */
    TransactionalAppender openTransactionalAppender(
            String transactionalId, String clientId, Map<String, String> overrides);

    /**
     * Takes these ids from whoever has them: when this returns, none of their appenders can write any more, and what
     * they left open is aborted.
     */
    void fence(Collection<String> transactionalIds);

    /** Joins the group; the listener is told of the assignment from inside the reader's polls. */
    GroupReader openReader(ReaderSpec spec, GroupReader.AssignmentListener listener);

    /**
     * Reads these partitions from these offsets, without a group.
     *
     * @param clientId names the reader in the log's own metrics and messages
     * @param overrides settings of the client that take precedence (Kafka's consumer keys), unvalidated; those of a
     *     group are left out
     */
    PartitionReader openPartitions(String clientId, Map<TopicPartition, Long> from, Map<String, String> overrides);

    /** Reads the committed records of an existing topic from its beginning, all partitions, and follows it. */
    TableTopic openTable(String topic, TableTopic.Listener listener);

    /**
     * Makes the topic where there is none of that name, and returns when records can be appended to it. An existing
     * topic is left as it is. Returns whether it was made.
     */
    boolean ensureTopic(TopicSpec spec);

    /** The names of all topics but the log's internal ones. */
    Set<String> topics();

    /** How many partitions each of the topics has; topics that do not exist are left out. */
    Map<String, Integer> partitionCounts(Collection<String> topics);

    /** The first and the next offset of each partition. */
    Map<TopicPartition, OffsetRange> offsetRanges(Collection<TopicPartition> partitions);

    /**
     * The offset of the first record of each partition whose timestamp is not before {@code time}; partitions without
     * one are left out.
     */
    Map<TopicPartition, Long> offsetsAt(Collection<TopicPartition> partitions, Instant time);

    /** The committed offsets of each group; empty for one that is not known. */
    Map<String, Map<TopicPartition, Long>> groupOffsets(Collection<String> groupIds);

    /** Sets committed offsets of a group that has no members. */
    void alterGroupOffsets(String groupId, Map<TopicPartition, Long> offsets);

    /** Forgets committed offsets of a group that has no members. */
    void deleteGroupOffsets(String groupId, Set<TopicPartition> partitions);

    @Override
    void close();
}
