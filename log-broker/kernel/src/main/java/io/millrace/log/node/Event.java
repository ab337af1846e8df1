package io.millrace.log.node;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.metadata.MetadataRecord;
import java.nio.ByteBuffer;
import java.util.List;

/** Everything that can happen to a {@link Shard}. Time is not an event: it comes along with each step. */
public sealed interface Event {

    /**
     * A client connected.
     *
     * @param connection unique for the life of the process; its low bits say nothing about the shard
     * @param clientHost the peer's address, as quotas and {@code DescribeGroups} show it
     * @param localHost the address of ours that the client reached, offered to it in Metadata when nothing else is
     *     configured
     */
    record ConnectionOpened(long connection, String clientHost, String localHost) implements Event {}

    /**
     * A whole request frame, header included, without the length in front.
     *
     * @param request unique for the life of the process
     * @param frame direct buffer, owned by the rim; valid until the one call of {@link Outbox} that ends the request
     */
    record RequestReceived(long connection, long request, ByteBuffer frame) implements Event {}

    /**
     * The step for a request of this connection took so long. Only told while there are quotas of clients.
     *
     * @param nanos what it took of the loop's time
     */
    record RequestStepped(long connection, long nanos) implements Event {}

    /** A connection ended, from either side. Requests of it that are still open end too, without an answer. */
    record ConnectionClosed(long connection) implements Event {}

    /** The sync asked for by {@link Outbox#sync} is done: all that was appended before it is durable. */
    record FileSynced(long ticket) implements Event {}

    /** The sync asked for by {@link Outbox#sync} failed: nothing that it was to cover may count as durable, ever. */
    record SyncFailed(long ticket, DiskFailure cause) implements Event {}

    /**
     * Records reached the committed cluster metadata. Every shard of every broker sees the same batches in the same
     * order.
     *
     * @param index position in the metadata log, growing by one for each batch
     * @param proposal the number given to {@link Outbox#propose} if this very shard proposed the batch, else -1
     */
    record MetadataCommitted(long index, long proposal, List<MetadataRecord> records) implements Event {}

    /** A proposal did not reach the metadata log, or it is not known whether it did. */
    record MetadataRefused(long proposal, String reason) implements Event {}

    /** A message from another shard of the same broker. Messages between two shards keep their order. */
    record FromShard(int shard, ShardMessage message) implements Event {}
}
