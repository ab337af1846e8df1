package io.millrace.connect.log;

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

    /** Joins the group; the listener is told of the assignment from inside the reader's polls. */
    GroupReader openReader(ReaderSpec spec, GroupReader.AssignmentListener listener);

    /** Reads an existing topic from its beginning, all partitions, and follows it. */
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

    /** The committed offsets of each group; empty for one that is not known. */
    Map<String, Map<TopicPartition, Long>> groupOffsets(Collection<String> groupIds);

    /** Sets committed offsets of a group that has no members. */
    void alterGroupOffsets(String groupId, Map<TopicPartition, Long> offsets);

    /** Forgets committed offsets of a group that has no members. */
    void deleteGroupOffsets(String groupId, Set<TopicPartition> partitions);

    @Override
    void close();
}
