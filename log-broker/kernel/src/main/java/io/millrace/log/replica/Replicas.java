package io.millrace.log.replica;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskSpace;
import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicConfigs;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.storage.OpenSegments;
import io.millrace.log.storage.PartitionLog;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Timers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one shard: opened, configured and removed as the cluster's metadata says.
 *
 * <p><b>Errors.</b> A partition that cannot be opened is reported and answered with KAFKA_STORAGE_ERROR; the others go
 * on. It stays closed, unless only room was missing: then it is tried again every five seconds.
 */
public final class Replicas {

    private static final long OPEN_RETRY_MS = 5_000;
    /** Of each shard: at most three files each. */
    private static final int OPEN_SEGMENTS_MAX = 256;

    /** A partition of which the log could not be opened, and what it takes to try again. */
    private record Unopened(TopicIdPartition name, TopicImage topic, PartitionState state) {}

    private final BrokerConfig config;
    private final Ownership ownership;
    private final Disk disk;
    private final Timers timers;
    private final ReplicaEffects effects;
    private final PartitionDirectories directories;
    private final GroupCommit groupCommit;
    private final OpenSegments openSegments = new OpenSegments(OPEN_SEGMENTS_MAX);
    private final Map<PartitionId, PartitionLeader> open = new LinkedHashMap<>();
    private final Map<PartitionId, Unopened> unopened = new LinkedHashMap<>();
    private final List<ReplicaListener> listeners = new ArrayList<>();
    private BrokerSettings settings;

    public Replicas(BrokerConfig config, Ownership ownership, Disk disk, Timers timers, ReplicaEffects effects) {
        this.config = config;
        this.ownership = ownership;
        this.disk = disk;
        this.timers = timers;
        this.effects = effects;
        this.directories = new PartitionDirectories(disk);
        this.groupCommit = new GroupCommit(effects);
        this.settings = config.settings();
    }

    /** Opens every partition of {@code image} that is led here and owned by this shard. */
    public void start(ClusterImage image) {
        if (ownership.shard() == 0) {
            directories.deleteLeftovers();
        }
        image.topics().forEach(topic -> reconcile(image, topic.id()));
        scheduleRetention();
        new Compaction(timers, open.values(), () -> settings.number(BrokerSettings.CLEANER_BACKOFF)).start();
    }

    /** Told of every partition from now on. Those that are open already are in {@link #all}. */
    public void listen(ReplicaListener listener) {
        listeners.add(listener);
    }

    /** A partition led here and owned by this shard, or null. */
    public @Nullable PartitionLeader find(PartitionId partition) {
        return open.get(partition);
    }

    /** What a client is told about a partition that the metadata has and {@link #find} does not. */
    public Errors missing(PartitionId partition) {
        return unopened.containsKey(partition) ? Errors.KAFKA_STORAGE_ERROR : Errors.NOT_LEADER_OR_FOLLOWER;
    }

    /** Room on the device. */
    public DiskSpace space() {
        return disk.space();
    }

    /** Whether every partition that is led here could be opened, and takes records. */
    public boolean areWell() {
        return unopened.isEmpty()
                && open.values().stream().noneMatch(partition -> partition.log().isFailed());
    }

    /** All open partitions, in the order they were opened. */
    public Collection<PartitionLeader> all() {
        return Collections.unmodifiableCollection(open.values());
    }

    /**
     * Parks a fetch on those of {@code seen} that are led here.
     *
     * @param seen up to where the fetch has seen the partitions; one that is beyond it wakes the wait at once
     */
    public FetchWait park(Map<PartitionId, Long> seen, IsolationLevel isolation) {
        List<PartitionLeader> partitions = new ArrayList<>();
        boolean moved = false;
        for (Map.Entry<PartitionId, Long> entry : seen.entrySet()) {
            PartitionLeader partition = open.get(entry.getKey());
            if (partition != null) {
                partitions.add(partition);
                moved |= partition.visibleEnd(isolation) > entry.getValue();
            }
        }
        FetchWait wait = FetchWait.on(partitions, isolation);
        if (moved) {
            wait.wake();
        }
        return wait;
    }

    /** Takes over what the broker gives as defaults of topics; those that are open already follow it at once. */
    public void configure(ClusterImage image, BrokerSettings changed) {
        boolean unlike = !changed.sameForLogs(settings);
        settings = changed;
        if (unlike && !open.isEmpty()) {
            image.topics().forEach(topic -> reconcile(image, topic.id()));
        }
    }

    /** Makes the partitions of one topic what {@code image} says of it. */
    public void reconcile(ClusterImage image, Uuid topicId) {
        TopicImage topic = image.topic(topicId);
        if (topic == null) {
            remove(topicId);
            return;
        }
        for (int index = 0; index < topic.partitions().size(); index++) {
            PartitionState state = topic.partitions().get(index);
            TopicIdPartition name = topic.idPartition(index);
            PartitionId id = new PartitionId(topicId, index);
            if (ownership.owns(id) && state.leader() == config.brokerId()) {
                openOrConfigure(name, topic, state);
            }
        }
    }

    private void openOrConfigure(TopicIdPartition name, TopicImage topic, PartitionState state) {
        PartitionId id = new PartitionId(name.topicId(), name.partition());
        TopicConfigs configs = TopicConfigs.of(topic.configs(), settings);
        PartitionLeader partition = open.get(id);
        if (partition != null) {
            partition.configure(configs, LogConfigs.of(configs, settings), state);
            return;
        }
        try {
            String directory = directories.prepare(name);
            PartitionLog log =
                    PartitionLog.open(disk, openSegments, directory, LogConfigs.of(configs, settings), timers.now());
            PartitionLeader opened = new PartitionLeader(name, log, configs, state, groupCommit, effects);
            open.put(id, opened);
            unopened.remove(id);
            if (log.recovery().hasCut()) {
                effects.partitionCut(name, log.recovery());
            }
            listeners.forEach(listener -> listener.partitionOpened(opened));
        } catch (DiskFailure e) {
            cannotOpen(new Unopened(name, topic, state), e);
        }
    }

    private void cannotOpen(Unopened partition, DiskFailure cause) {
        PartitionId id =
                new PartitionId(partition.name().topicId(), partition.name().partition());
        if (unopened.put(id, partition) == null) {
            listeners.forEach(listener -> listener.partitionOffline(id));
            effects.partitionStopped(partition.name(), cause);
        }
        if (cause.kind() == DiskFailure.Kind.FULL) {
            timers.at(timers.now() + OPEN_RETRY_MS, () -> {
                Unopened still = unopened.get(id);
                if (still != null) {
                    openOrConfigure(still.name(), still.topic(), still.state());
                }
            });
        }
    }

    private void remove(Uuid topicId) {
        unopened.values().stream()
                .map(Unopened::name)
                .filter(name -> name.topicId().equals(topicId))
                .toList()
                .forEach(this::deleteUnopened);
        List<PartitionLeader> gone = open.values().stream()
                .filter(partition -> partition.name().topicId().equals(topicId))
                .toList();
        for (PartitionLeader partition : gone) {
            open.remove(partition.id());
            partition.close(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            listeners.forEach(listener -> listener.partitionClosed(partition));
            groupCommit.whenIdle(partition, () -> delete(partition));
        }
    }

    private void deleteUnopened(TopicIdPartition name) {
        unopened.remove(new PartitionId(name.topicId(), name.partition()));
        onDisk(name, () -> directories.delete(name));
    }

    private void delete(PartitionLeader partition) {
        onDisk(partition.name(), () -> {
            partition.log().close();
            directories.delete(partition.name());
        });
    }

    private void onDisk(TopicIdPartition name, Runnable work) {
        try {
            work.run();
        } catch (DiskFailure e) {
            effects.partitionStopped(name, e);
        }
    }

    /** Starts the syncs of everything appended in this pass. */
    public void endOfPass() {
        groupCommit.endOfPass();
    }

    public void synced(long ticket) {
        groupCommit.synced(ticket);
    }

    public void syncFailed(long ticket, DiskFailure cause) {
        groupCommit.syncFailed(ticket, cause);
    }

    /**
     * Closes every log cleanly, so that the next start need not scan them. A log with a sync under way is left as a
     * crash would leave it: let the syncs end first.
     */
    public void close() {
        for (PartitionLeader partition : open.values()) {
            partition.close(Errors.NOT_LEADER_OR_FOLLOWER);
            listeners.forEach(listener -> listener.partitionClosed(partition));
            if (groupCommit.isIdle(partition)) {
                onDisk(partition.name(), partition.log()::close);
            }
        }
        open.clear();
    }

    private void scheduleRetention() {
        timers.at(timers.now() + settings.number(BrokerSettings.RETENTION_CHECK), () -> {
            List.copyOf(open.values()).forEach(partition -> partition.enforceRetention(timers.now()));
            scheduleRetention();
        });
    }
}
