package io.millrace.log.server;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.server.metadata.MetadataLog;
import io.millrace.log.server.metadata.MetadataLog.Origin;
import io.millrace.log.server.net.Loops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings committed metadata to the loops: what was committed before the shards are made goes into the image that they
 * begin with, everything behind it is posted to them, with nothing lost or doubled in between.
 */
final class MetadataFeed implements MetadataLog.Listener {

    private static final int NO_SHARD = -1;

    private final Consumer<Throwable> onFailure;
    private ClusterImage image = ClusterImage.empty();
    private long index = -1;
    private @Nullable Loops attached;

    MetadataFeed(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    /** Makes the shards from the image and the index of its last batch, and feeds them from then on. */
    synchronized CompletableFuture<Void> attach(Loops loops, BiFunction<ClusterImage, Long, Loops.TaskMaker> maker) {
        attached = loops;
        return loops.install(maker.apply(image, index));
    }

    @Override
    public synchronized void committed(long batch, @Nullable Origin origin, List<MetadataRecord> records) {
        Loops loops = attached;
        if (loops == null) {
            image = image.apply(records);
            index = batch;
        } else if (origin == null) {
            loops.metadataCommitted(batch, NO_SHARD, -1, records);
        } else {
            loops.metadataCommitted(batch, origin.shard(), origin.proposal(), records);
        }
    }

    @Override
    public void failed(Throwable cause) {
        onFailure.accept(cause);
    }
}
