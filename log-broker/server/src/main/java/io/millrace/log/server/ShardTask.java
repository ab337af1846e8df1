package io.millrace.log.server;

import io.millrace.log.disk.Disk;
import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerImage;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.node.Event;
import io.millrace.log.node.Outbox;
import io.millrace.log.node.Shard;
import io.millrace.log.node.ShardConfig;
import io.millrace.log.server.net.LoopTask;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A shard as its loop runs it. */
final class ShardTask implements LoopTask {

    private final Shard shard;
    private final BrokerConfig broker;
    private final CompletableFuture<String> registered;
    private final Consumer<Shard> onMetadata;

    private ShardTask(
            Shard shard, BrokerConfig broker, CompletableFuture<String> registered, Consumer<Shard> onMetadata) {
        this.shard = shard;
        this.broker = broker;
        this.registered = registered;
        this.onMetadata = onMetadata;
    }

    /**
     * Opens the shard's partitions.
     *
     * @param registered completed with the cluster's id once the shard has seen this broker registered as it is now
     * @param onMetadata told, on the loop of the shard, whenever the metadata has changed
     */
    static ShardTask open(
            ShardConfig config,
            Disk disk,
            Outbox outbox,
            Start start,
            CompletableFuture<String> registered,
            Consumer<Shard> onMetadata) {
        Shard shard = new Shard(config, disk, outbox);
        shard.open(start.image(), start.index(), start.nowMillis());
        ShardTask task = new ShardTask(shard, config.broker(), registered, onMetadata);
        task.metadataChanged();
        return task;
    }

    /** Where a shard begins: the committed metadata, the index of its last batch, and the time. */
    record Start(ClusterImage image, long index, long nowMillis) {}

    @Override
    public void step(Event event, long nowMillis) {
        if (event instanceof Event.RequestReceived received && shard.chargesTime()) {
            long start = System.nanoTime();
            shard.step(event, nowMillis);
            shard.step(new Event.RequestStepped(received.connection(), System.nanoTime() - start), nowMillis);
            return;
        }
        shard.step(event, nowMillis);
        if (event instanceof Event.MetadataCommitted) {
            metadataChanged();
        }
    }

    @Override
    public void endOfPass(long nowMillis) {
        shard.endOfPass(nowMillis);
    }

    @Override
    public long nextDeadline() {
        return shard.nextDeadline();
    }

    @Override
    public void close() {
        shard.close();
    }

    private void metadataChanged() {
        onMetadata.accept(shard);
        lookForRegistration();
    }

    private void lookForRegistration() {
        String cluster = shard.image().clusterId();
        BrokerImage now = new BrokerImage(broker.brokerId(), broker.advertisedHost(), broker.port());
        if (cluster != null && now.equals(shard.image().broker(broker.brokerId()))) {
            registered.complete(cluster);
        }
    }
}
