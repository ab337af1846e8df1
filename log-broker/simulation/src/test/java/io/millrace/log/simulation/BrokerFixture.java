package io.millrace.log.simulation;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.LogFlush;
import io.millrace.log.metadata.MetadataCodec;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.metadata.TopicConfigs;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.node.Event;
import io.millrace.log.node.Outbox;
import io.millrace.log.node.Reply;
import io.millrace.log.node.Shard;
import io.millrace.log.node.ShardConfig;
import io.millrace.log.node.ShardMessage;
import io.millrace.log.storage.Recovery;
import io.millrace.log.types.Loggers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/** A whole broker in one thread: its shards, a disk, a metadata log of one node, and time moved by hand. */
final class BrokerFixture {

    private record Sync(int shard, long ticket, DiskFile file) {}

    private record Proposal(int shard, long number, List<MetadataRecord> records) {}

    final SimDisk disk;
    /** The same disk, on which the broker may be told to end. */
    final CrashingDisk crashes;

    final List<String> closedConnections = new ArrayList<>();

    /** By connection: for how long it was last asked not to be read from. */
    final Map<Long, Long> mutedMillis = new LinkedHashMap<>();

    final List<String> stoppedPartitions = new ArrayList<>();
    final List<String> cutPartitions = new ArrayList<>();
    final Map<Long, Reply> replies = new LinkedHashMap<>();
    final List<Long> finished = new ArrayList<>();
    final BrokerConfig config;
    private final int shardCount;
    private final List<ByteBuffer> metadataLog = new ArrayList<>();
    private List<Shard> shards = new ArrayList<>();
    private List<Deque<Event>> inboxes = new ArrayList<>();
    private final Deque<Sync> syncs = new ArrayDeque<>();
    private final Deque<Proposal> proposals = new ArrayDeque<>();
    private boolean holdsSyncs;
    private final SimLoggers loggers = new SimLoggers();
    private boolean holdsProposals;
    private long now = 1_000_000;
    private long lastId;
    private int starts;

    BrokerFixture(int shardCount) {
        this(shardCount, LogFlush.GROUP_COMMIT);
    }

    BrokerFixture(int shardCount, LogFlush flush) {
        this(shardCount, flush, 1);
    }

    BrokerFixture(int shardCount, LogFlush flush, long diskSeed) {
        this(shardCount, Map.of(TopicConfigs.LOG_FLUSH, flush.configValue()), diskSeed);
    }

    /** With configs of the broker, as given at its start. */
    BrokerFixture(int shardCount, Map<String, String> configs) {
        this(shardCount, configs, 1);
    }

    private BrokerFixture(int shardCount, Map<String, String> configs, long diskSeed) {
        this.disk = new SimDisk(diskSeed);
        this.crashes = new CrashingDisk(disk);
        this.shardCount = shardCount;
        this.config = new BrokerConfig(1, null, 9092, BrokerSettings.of(configs), "/data", 7);
        start();
    }

    private void start() {
        starts++;
        shards = new ArrayList<>();
        inboxes = new ArrayList<>();
        ClusterImage image = ClusterImage.empty();
        for (ByteBuffer batch : metadataLog) {
            image = image.apply(MetadataCodec.decode(batch.duplicate()));
        }
        for (int i = 0; i < shardCount; i++) {
            inboxes.add(new ArrayDeque<>());
            shards.add(new Shard(
                    new ShardConfig(
                            config, GroupConfig.defaults(), TransactionConfig.defaults(), i, shardCount, seed(i)),
                    crashes,
                    new Effects(i)));
        }
        for (Shard shard : shards) {
            shard.open(image, metadataLog.size() - 1, now);
        }
        run();
    }

    /** Another one for each start: what was made before must not be made again. */
    private long seed(int shard) {
        return 100L * starts + shard;
    }

    /** Ends every log cleanly and starts again. */
    void restart() {
        releaseSyncs();
        releaseProposals();
        shards.forEach(Shard::close);
        startAnew();
    }

    /** As {@link #restart}, with a clock that was set forward meanwhile, or back if {@code millis} is below 0. */
    void restartWithClockMoved(long millis) {
        releaseSyncs();
        releaseProposals();
        shards.forEach(Shard::close);
        now += millis;
        startAnew();
    }

    /** Ends the process without a word and starts again. */
    void crashAndRestart() {
        disk.crash();
        startAnew();
    }

    /** The machine loses power: what was not synced may be gone. */
    void cutPowerAndRestart() {
        disk.cutPower();
        startAnew();
    }

    private void startAnew() {
        syncs.clear();
        proposals.clear();
        holdsSyncs = false;
        holdsProposals = false;
        now += 1;
        start();
    }

    TestClient connect(int shard) {
        lastId++;
        long connection = lastId;
        give(shard, new Event.ConnectionOpened(connection, "/10.0.0.7", "10.0.0.1"));
        return new TestClient(this, shard, connection);
    }

    /** Says how long the step for the last request of a connection took. */
    void stepped(int shard, long connection, long nanos) {
        give(shard, new Event.RequestStepped(connection, nanos));
        run();
    }

    long send(int shard, long connection, ByteBuffer frame) {
        lastId++;
        give(shard, new Event.RequestReceived(connection, lastId, frame));
        run();
        return lastId;
    }

    void disconnect(int shard, long connection) {
        give(shard, new Event.ConnectionClosed(connection));
        run();
    }

    void holdSyncs() {
        holdsSyncs = true;
    }

    int heldSyncs() {
        return syncs.size();
    }

    /** Does one of the syncs that are held back, not always the oldest. */
    void releaseSync(int index) {
        List<Sync> held = new ArrayList<>(syncs);
        Sync sync = held.remove(index);
        syncs.clear();
        syncs.addAll(held);
        perform(sync);
        run();
    }

    void releaseSyncs() {
        holdsSyncs = false;
        run();
    }

    void failSyncs() {
        holdsSyncs = false;
        while (!syncs.isEmpty()) {
            Sync sync = syncs.remove();
            DiskFailure cause = new DiskFailure(
                    DiskFailure.Kind.BROKEN, "sync of " + sync.file().path() + " failed", new IOException("I/O error"));
            give(sync.shard(), new Event.SyncFailed(sync.ticket(), cause));
        }
        run();
    }

    void holdProposals() {
        holdsProposals = true;
    }

    void releaseProposals() {
        holdsProposals = false;
        run();
    }

    void refuseProposals() {
        holdsProposals = false;
        while (!proposals.isEmpty()) {
            Proposal proposal = proposals.remove();
            give(proposal.shard(), new Event.MetadataRefused(proposal.number(), "no leader"));
        }
        run();
    }

    void pass(long millis) {
        now += millis;
        run();
    }

    Shard shard(int index) {
        return shards.get(index);
    }

    private void give(int shard, Event event) {
        inboxes.get(shard).add(event);
    }

    /** Runs all loops until nothing is left to do at this time. */
    private void run() {
        boolean busy = true;
        while (busy) {
            for (int i = 0; i < shardCount; i++) {
                pass(i);
            }
            busy = disk();
            busy |= metadata();
            busy |= inboxes.stream().anyMatch(inbox -> !inbox.isEmpty());
        }
    }

    private void pass(int index) {
        Deque<Event> inbox = inboxes.get(index);
        while (!inbox.isEmpty()) {
            shards.get(index).step(inbox.remove(), now);
        }
        shards.get(index).endOfPass(now);
    }

    private boolean disk() {
        if (holdsSyncs || syncs.isEmpty()) {
            return false;
        }
        perform(syncs.remove());
        return true;
    }

    private void perform(Sync sync) {
        try {
            sync.file().sync();
            give(sync.shard(), new Event.FileSynced(sync.ticket()));
        } catch (DiskFailure e) {
            give(sync.shard(), new Event.SyncFailed(sync.ticket(), e));
        }
    }

    private boolean metadata() {
        if (holdsProposals || proposals.isEmpty()) {
            return false;
        }
        Proposal proposal = proposals.remove();
        long index = metadataLog.size();
        metadataLog.add(MetadataCodec.encode(proposal.records()));
        for (int i = 0; i < shardCount; i++) {
            long number = i == proposal.shard() ? proposal.number() : -1;
            give(i, new Event.MetadataCommitted(index, number, proposal.records()));
        }
        return true;
    }

    private final class Effects implements Outbox {
        private final int shard;

        Effects(int shard) {
            this.shard = shard;
        }

        @Override
        public void respond(long request, Reply reply) {
            replies.put(request, reply);
        }

        @Override
        public void finish(long request) {
            finished.add(request);
        }

        @Override
        public void mute(long connection, long millis) {
            mutedMillis.put(connection, millis);
        }

        @Override
        public void closeConnection(long connection, String reason) {
            closedConnections.add(reason);
        }

        @Override
        public void requestFailed(long connection, String request, RuntimeException bug) {
            throw new AssertionError("bug in " + request, bug);
        }

        @Override
        public void sync(long ticket, DiskFile file) {
            syncs.add(new Sync(shard, ticket, file));
        }

        @Override
        public void propose(long proposal, List<MetadataRecord> records) {
            proposals.add(new Proposal(shard, proposal, records));
        }

        @Override
        public void send(int to, ShardMessage message) {
            give(to, new Event.FromShard(shard, message));
        }

        @Override
        public Loggers loggers() {
            return loggers;
        }

        @Override
        public void partitionStopped(TopicIdPartition partition, DiskFailure cause) {
            stoppedPartitions.add(partition + ": " + cause.getMessage());
        }

        @Override
        public void partitionCut(TopicIdPartition partition, Recovery recovery) {
            cutPartitions.add(partition + ": " + recovery.reason() + ", lost " + recovery.lostOffsets());
        }
    }

    /** The reply to a request, taken out; null if there is none yet. */
    @Nullable
    Reply take(long request) {
        return replies.remove(request);
    }
}
