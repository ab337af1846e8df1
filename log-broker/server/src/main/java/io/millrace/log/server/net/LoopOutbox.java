package io.millrace.log.server.net;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.node.Event;
import io.millrace.log.node.Outbox;
import io.millrace.log.node.Reply;
import io.millrace.log.node.ShardMessage;
import io.millrace.log.storage.Recovery;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Carries out what the shard of one loop asks for; what concerns a connection of another loop is posted there. */
final class LoopOutbox implements Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(LoopOutbox.class);

    private final ShardLoop loop;
    private final List<ShardLoop> loops;

    /** @param loops all loops of the broker, by index */
    LoopOutbox(ShardLoop loop, List<ShardLoop> loops) {
        this.loop = loop;
        this.loops = loops;
    }

    @Override
    public void respond(long request, Reply reply) {
        onOwnerOf(request, connections -> connections.end(request, reply));
    }

    @Override
    public void finish(long request) {
        onOwnerOf(request, connections -> connections.end(request, null));
    }

    @Override
    public void closeConnection(long connection, String reason) {
        onOwnerOf(connection, connections -> connections.close(connection, reason));
    }

    @Override
    public void requestFailed(long connection, String request, RuntimeException bug) {
        onOwnerOf(connection, connections -> connections.requestFailed(connection, request, bug));
    }

    @Override
    public void sync(long ticket, DiskFile file) {
        loop.sync(ticket, file);
    }

    @Override
    public void partitionStopped(TopicIdPartition partition, DiskFailure cause) {
        boolean full = cause.kind() == DiskFailure.Kind.FULL;
        loop.counters().partitionsStopped.add(1);
        LOG.atError()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("cause", cause.getMessage())
                .setCause(cause)
                .log(
                        full
                                ? "The disk is full: a partition waits until there is room. Free some, or delete topics."
                                : "A partition stopped because its disk failed; repair the disk and restart.");
    }

    @Override
    public void partitionCut(TopicIdPartition partition, Recovery recovery) {
        loop.counters().partitionsCut.add(1);
        LOG.atLevel(recovery.lostOffsets() > 0 ? Level.ERROR : Level.WARN)
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("bytes", recovery.truncatedBytes())
                .addKeyValue("lostOffsets", recovery.lostOffsets())
                .addKeyValue("cause", recovery.reason())
                .log(
                        recovery.lostOffsets() > 0
                                ? "The end of a partition was damaged or gone, and is cut off: the disk has lost records"
                                        + " that it had confirmed. Check the disk."
                                : "Bytes at the end of a partition were not whole, and are cut off: nothing that was"
                                        + " acknowledged as durable is lost.");
    }

    @Override
    public void propose(long proposal, List<MetadataRecord> records) {
        loop.propose(proposal, records);
    }

    @Override
    public void send(int shard, ShardMessage message) {
        loops.get(shard).postEvent(new Event.FromShard(loop.index(), message));
    }

    private void onOwnerOf(long id, Consumer<LoopConnections> work) {
        ShardLoop owner = loops.get(LoopConnections.ownerOf(id, loops.size()));
        if (owner == loop) {
            work.accept(owner.connections());
        } else {
            owner.post(() -> work.accept(owner.connections()));
        }
    }
}
