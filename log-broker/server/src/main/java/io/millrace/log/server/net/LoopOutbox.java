package io.millrace.log.server.net;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.node.Event;
import io.millrace.log.node.Outbox;
import io.millrace.log.node.Reply;
import io.millrace.log.node.ShardMessage;
import io.millrace.log.storage.Recovery;
import io.millrace.log.types.Loggers;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Carries out what the shard of one loop asks for; what concerns a connection of another loop is posted there. */
final class LoopOutbox implements Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(LoopOutbox.class);

    private static final Loggers LOGGERS = LogbackLoggers.ofThisProcess();

    private static final String STOPPED = "A partition stopped because its disk failed; repair the disk and restart.";
    private static final String NO_ROOM = "The disk is full: a partition waits for room. Free some, or delete topics.";
    private static final String CUT =
            "Bytes at the end of a partition were not whole, and are cut off. Nothing known to be durable is lost.";
    private static final String LOST =
            "The end of a partition was damaged or gone. The disk has lost records that it had confirmed: check it.";

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
    public void mute(long connection, long millis) {
        onOwnerOf(connection, connections -> connections.mute(connection, millis));
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
        loop.counters().partitionsStopped.add(1);
        LOG.atError()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("cause", cause.getMessage())
                .setCause(cause)
                .log(cause.kind() == DiskFailure.Kind.FULL ? NO_ROOM : STOPPED);
    }

    @Override
    public void partitionCut(TopicIdPartition partition, Recovery recovery) {
        boolean lost = recovery.lostOffsets() > 0;
        loop.counters().partitionsCut.add(1);
        LOG.atLevel(lost ? Level.ERROR : Level.WARN)
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("bytes", recovery.truncatedBytes())
                .addKeyValue("lostOffsets", recovery.lostOffsets())
                .addKeyValue("cause", recovery.reason())
                .log(lost ? LOST : CUT);
    }

    @Override
    public void propose(long proposal, List<MetadataRecord> records) {
        loop.propose(proposal, records);
    }

    @Override
    public void send(int shard, ShardMessage message) {
        loops.get(shard).postEvent(new Event.FromShard(loop.index(), message));
    }

    @Override
    public Loggers loggers() {
        return LOGGERS;
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
