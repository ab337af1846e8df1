package io.millrace.log.node;

import io.millrace.log.api.ApiTable;
import io.millrace.log.api.Handlers;
import io.millrace.log.disk.Disk;
import io.millrace.log.metadata.BrokerRegistration;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Ids;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * One shard of a broker: its part of the partitions and of the client connections, run by one event loop.
 *
 * <p><b>Life.</b>
 *
 * <ol>
 *   <li>{@link #open} takes over the committed metadata and opens the partitions that this shard owns. Shard 0 then
 *       proposes to register the broker; {@link #isReady} once that is committed.
 * <li>{@link #step} for every event, {@link #endOfPass} whenever the loop has drained what was ready, at the latest at
 * {@link #nextDeadline}.
 *   <li>{@link #close}, after the last answer of a sync was stepped.
 * </ol>
 *
 * <p><b>Threads.</b> All calls come from one loop, or from one thread at a time with everything before them visible.
 *
 * <p><b>Time</b> is in milliseconds since the epoch. The rim makes it one clock for all shards of a broker that never
 * goes back.
 *
 * <p><b>Errors.</b> An exception out of a call is a bug: the shard's state is not to be trusted and the broker stops.
 */
public final class Shard {

    private static final long REGISTRATION_RETRY_MS = 500;

    private final ShardCore core;
    private final Connections connections = new Connections();
    private final Requests requests;

    public Shard(ShardConfig config, Disk disk, Outbox outbox) {
        core = new ShardCore(config, disk, outbox);
        requests = new Requests(core, new ApiTable(Handlers.all(core)), connections, outbox);
    }

    /**
     * Begins with what is committed already.
     *
     * @param image the metadata up to and including {@code index}: as new as the rim knows it, the same for all shards
     * @param index position of the last batch in {@code image}, -1 if it is empty
     */
    public void open(ClusterImage image, long index, long nowMillis) {
        core.timers().advanceTo(nowMillis);
        core.setImage(image, index);
        core.replicas().start(image);
        if (core.isController()) {
            register();
        }
        endOfPass(nowMillis);
    }

    /** Takes in one event; effects go to the outbox during the call. */
    public void step(Event event, long nowMillis) {
        core.timers().advanceTo(nowMillis);
        switch (event) {
            case Event.ConnectionOpened opened -> connections.opened(opened);
            case Event.RequestReceived request -> requests.received(request);
            case Event.RequestStepped stepped -> connections.stepped(stepped);
            case Event.ConnectionClosed closed -> connections.closed(closed.connection());
            case Event.FileSynced synced -> core.replicas().synced(synced.ticket());
            case Event.SyncFailed failed -> core.replicas().syncFailed(failed.ticket(), failed.cause());
            case Event.MetadataCommitted committed -> committed(committed);
            case Event.MetadataRefused refused -> core.controller().refused(refused.proposal(), refused.reason());
            case Event.FromShard message -> core.bus().received(message.message());
        }
    }

    /** Ends a pass of the loop: runs what is due and starts one group commit for all that was appended. */
    public void endOfPass(long nowMillis) {
        core.timers().advanceTo(nowMillis);
        core.timers().runDue();
        core.replicas().endOfPass();
    }

    /** The time at which {@link #endOfPass} must be called again even if nothing happens; MAX_VALUE if never. */
    public long nextDeadline() {
        return core.timers().nextDeadline();
    }

    /** Whether this broker is registered, as this shard sees it: clients that connect now find a cluster. */
    public boolean isReady() {
        return core.image().clusterId() != null
                && core.image().broker(core.config().brokerId()) != null;
    }

    /** The committed metadata as this shard has applied it. */
    public ClusterImage image() {
        return core.image();
    }

    /** The configs of this broker as they are now. */
    public BrokerSettings settings() {
        return core.settings();
    }

    /** Whether the time that steps for requests take is to be told. */
    public boolean chargesTime() {
        return !core.image().settings().quotas().isEmpty();
    }

    /** Leaves the partitions so that the next start need not scan them. The shard takes no more calls. */
    public void close() {
        core.replicas().close();
    }

    private void committed(Event.MetadataCommitted event) {
        if (event.index() > core.metadataIndex()) {
            ClusterImage before = core.image();
            ClusterImage image = before.apply(event.records());
            core.setImage(image, event.index());
            topicsOf(event.records()).forEach(topic -> {
                core.replicas().reconcile(image, topic);
                TopicImage known = before.topic(topic);
                if (known != null && image.topic(topic) == null) {
                    core.groups().topicDeleted(known.name(), topic);
                }
            });
        }
        if (event.proposal() >= 0) {
            core.controller().committed(event.proposal());
        }
        core.bus().drain();
    }

    private static Set<Uuid> topicsOf(List<MetadataRecord> records) {
        Set<Uuid> topics = new LinkedHashSet<>();
        for (MetadataRecord record : records) {
            switch (record) {
                case MetadataRecord.TopicCreated created -> topics.add(created.topic());
                case MetadataRecord.PartitionsAdded added -> topics.add(added.topic());
                case MetadataRecord.TopicConfigured configured -> topics.add(configured.topic());
                case MetadataRecord.TopicDeleted deleted -> topics.add(deleted.topic());
                case MetadataRecord.ClusterNamed named -> {}
                case MetadataRecord.BrokerRegistered broker -> {}
                case MetadataRecord.ProducerIdsAllocated ids -> {}
                case MetadataRecord.Setting setting -> {}
            }
        }
        return topics;
    }

    private void register() {
        Uuid clusterId = Ids.random(core.random());
        core.decide(image -> BrokerRegistration.decide(image, core.config(), clusterId), refused -> false)
                .whenDone(registered -> {
                    if (!registered) {
                        core.timers().at(core.timers().now() + REGISTRATION_RETRY_MS, this::register);
                    }
                });
    }
}
