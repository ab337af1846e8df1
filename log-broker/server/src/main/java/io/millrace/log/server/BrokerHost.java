package io.millrace.log.server;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.server.metadata.MetadataLog;
import io.millrace.log.server.net.LoopHost;
import io.millrace.log.server.net.Loops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the loops find around them: the metadata log, and the way to stop the node. */
final class BrokerHost implements LoopHost {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerHost.class);

    /** Completed with the cause by the first failure that the broker must not survive. */
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    /** Room for a batch and the piece of file that the metadata log takes ahead: without it the log would fail. */
    private static final long METADATA_BYTES_MIN = 192 * 1024;

    private static final String NO_ROOM = "the disk is full: free some space, or delete topics";

    private volatile @Nullable Parts parts;

    /** What is there once the broker is put together. */
    private record Parts(MetadataLog metadata, Loops loops, Disk disk) {}

    void connect(MetadataLog metadata, Loops loops, Disk disk) {
        parts = new Parts(metadata, loops, disk);
    }

    CompletableFuture<Throwable> failure() {
        return failure;
    }

    @Override
    public void propose(int shard, long proposal, List<MetadataRecord> records) {
        Parts connected = parts;
        if (connected == null) {
            throw new IllegalStateException("a shard made a proposal before the broker was put together");
        }
        boolean frees = records.stream().allMatch(each -> each instanceof MetadataRecord.TopicDeleted);
        if (!frees && !hasRoom(connected.disk())) {
            connected.loops().metadataRefused(shard, proposal, NO_ROOM);
            return;
        }
        var _ = connected
                .metadata()
                .append(new MetadataLog.Origin(shard, proposal), records)
                .thenAccept(refused -> {
                    if (refused != null) {
                        connected.loops().metadataRefused(shard, proposal, refused);
                    }
                });
    }

    private static boolean hasRoom(Disk disk) {
        try {
            return disk.space().usableBytes() >= METADATA_BYTES_MIN;
        } catch (DiskFailure e) {
            // The metadata log will find out, and say it.
            return true;
        }
    }

    @Override
    public void stopNode(String where, Throwable cause) {
        if (failure.complete(cause)) {
            LOG.atError()
                    .addKeyValue("where", where)
                    .setCause(cause)
                    .log("The broker stops: it must not survive this failure. Nothing acknowledged is lost.");
        }
    }
}
