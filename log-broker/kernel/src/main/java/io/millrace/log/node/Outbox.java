package io.millrace.log.node;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.storage.Recovery;
import io.millrace.log.types.Loggers;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The effects of a {@link Shard}: what it asks of the world. No call blocks, and none calls back into the shard before
 * the step that made it has returned.
 *
 * <p>Every {@link Event.RequestReceived} is ended by exactly one of {@link #respond} and {@link #finish}, from
 * whichever shard; its frame must not be touched afterwards. Answers of one connection leave in the order of its
 * requests, whatever the order of these calls.
 */
public interface Outbox {

    void respond(long request, Reply reply);

    /** Ends a request that has no answer on the wire (acks=0, or a connection that is gone). */
    void finish(long request);

    /** Stops reading from a client for so long: it has taken more than its share. Answers still leave. */
    void mute(long connection, long millis);

    /** Ends a connection whose bytes make no sense. {@code reason} is counted and, at most once a minute, logged. */
    void closeConnection(long connection, String reason);

    /**
     * Handling a request threw: a bug, which ends this client's connection and nothing else.
     *
     * @param request which API and version, for the operator
     */
    void requestFailed(long connection, String request, RuntimeException bug);

    /**
     * Asks for one {@link DiskFile#sync()}, away from the loop. Answered by {@link Event.FileSynced} or
     * {@link Event.SyncFailed} with the same ticket.
     */
    void sync(long ticket, DiskFile file);

    /** Proposes one batch of cluster metadata. Answered by MetadataCommitted or MetadataRefused with the number. */
    void propose(long proposal, List<MetadataRecord> records);

    void send(int shard, ShardMessage message);

    /** The loggers of the process, all shards' alike. */
    Loggers loggers();

    /** Tells the operator that a partition takes no more writes, or could not be opened or deleted, and why. */
    void partitionStopped(TopicIdPartition partition, DiskFailure cause);

    /** Tells the operator that bytes at the end of a partition were cut off when it was opened, and why. */
    void partitionCut(TopicIdPartition partition, Recovery recovery);
}
