package io.millrace.log.node;

import io.millrace.log.api.CoordinatorVerifier;
import io.millrace.log.api.GroupCoordinators;
import io.millrace.log.api.LocalShard;
import io.millrace.log.api.OfflinePartitions;
import io.millrace.log.api.ProducerIdPool;
import io.millrace.log.api.TransactionCoordinators;
import io.millrace.log.api.TransactionVerifier;
import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.Decision;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.quota.ClientMeters;
import io.millrace.log.replica.Ownership;
import io.millrace.log.replica.ReplicaEffects;
import io.millrace.log.replica.Replicas;
import io.millrace.log.storage.Recovery;
import io.millrace.log.types.Loggers;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The state of one shard, as its handlers and the other shards reach it. */
final class ShardCore implements LocalShard {

    /** The shard that runs the controller. */
    private static final int CONTROLLER = 0;

    private final BrokerConfig config;
    private final GroupConfig groupConfig;
    private final Ownership ownership;
    private final RandomGenerator random;
    private final TimerQueue timers = new TimerQueue();
    private final Replicas replicas;
    private final GroupCoordinators groups;
    private final OfflinePartitions offline;
    private final ProducerIdPool producerIds;
    private final TransactionCoordinators transactions;
    private final TransactionVerifier transactionVerifier;
    private final ShardBus bus;
    private final ControllerQueue controller;
    private final ClientMeters meters;
    private final Loggers loggers;
    private ClusterImage image = ClusterImage.empty();
    private long metadataIndex = -1;
    private BrokerSettings settings;

    ShardCore(ShardConfig config, Disk disk, Outbox outbox) {
        this.config = config.broker();
        this.groupConfig = config.groups();
        this.settings = config.broker().settings();
        this.ownership = new Ownership(config.shard(), config.shards());
        this.random = new SplittableRandom(config.seed());
        ReplicaEffects effects = new OutboxEffects(outbox);
        this.replicas = new Replicas(config.broker(), ownership, disk, timers, effects);
        String incarnation = Long.toHexString(random.nextLong());
        this.groups = new GroupCoordinators(config.groups(), timers, incarnation, effects, this::image);
        this.offline = new OfflinePartitions(this);
        replicas.listen(groups.listener());
        replicas.listen(offline);
        this.producerIds = new ProducerIdPool(this);
        this.transactions = new TransactionCoordinators(config.transactions(), this, effects);
        this.transactionVerifier = new CoordinatorVerifier(this);
        replicas.listen(transactions.listener());
        this.bus = new ShardBus(this, outbox);
        this.controller = new ControllerQueue(this::image, outbox);
        this.meters = new ClientMeters(settings);
        this.loggers = outbox.loggers();
    }

    ShardBus bus() {
        return bus;
    }

    ControllerQueue controller() {
        return controller;
    }

    boolean isController() {
        return self() == CONTROLLER;
    }

    long metadataIndex() {
        return metadataIndex;
    }

    void setImage(ClusterImage changed, long index) {
        image = changed;
        metadataIndex = index;
        settings = settings.altered(
                changed.settings().configs(ConfigResource.Type.BROKER, ""),
                changed.settings().configs(ConfigResource.Type.BROKER, Integer.toString(config.brokerId())));
        replicas.configure(changed, settings);
    }

    @Override
    public BrokerConfig config() {
        return config;
    }

    @Override
    public BrokerSettings settings() {
        return settings;
    }

    @Override
    public GroupConfig groupConfig() {
        return groupConfig;
    }

    @Override
    public ClusterImage image() {
        return image;
    }

    @Override
    public long metadataEnd() {
        return metadataIndex + 1;
    }

    @Override
    public TimerQueue timers() {
        return timers;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Loggers loggers() {
        return loggers;
    }

    @Override
    public Replicas replicas() {
        return replicas;
    }

    @Override
    public GroupCoordinators groups() {
        return groups;
    }

    @Override
    public TransactionVerifier transactionVerifier() {
        return transactionVerifier;
    }

    @Override
    public TransactionCoordinators transactions() {
        return transactions;
    }

    @Override
    public ProducerIdPool producerIds() {
        return producerIds;
    }

    @Override
    public OfflinePartitions offline() {
        return offline;
    }

    @Override
    public ClientMeters meters() {
        return meters;
    }

    @Override
    public int self() {
        return ownership.shard();
    }

    @Override
    public int shards() {
        return ownership.shards();
    }

    @Override
    public int ownerOf(PartitionId partition) {
        return ownership.ownerOf(partition);
    }

    @Override
    public <A> Promise<A> ask(int shard, Function<LocalShard, Promise<A>> call) {
        return bus.ask(shard, call);
    }

    @Override
    public <A> Promise<A> onController(Function<LocalShard, Promise<A>> call) {
        return bus.ask(CONTROLLER, call);
    }

    @Override
    public <A> Promise<A> decide(Function<ClusterImage, Decision<A>> decision, Function<String, A> refused) {
        return isController()
                ? controller.decide(decision, refused)
                : onController(there -> there.decide(decision, refused));
    }

    private record OutboxEffects(Outbox outbox) implements ReplicaEffects {

        @Override
        public void sync(long ticket, DiskFile file) {
            outbox.sync(ticket, file);
        }

        @Override
        public void partitionStopped(TopicIdPartition partition, DiskFailure cause) {
            outbox.partitionStopped(partition, cause);
        }

        @Override
        public void partitionCut(TopicIdPartition partition, Recovery recovery) {
            outbox.partitionCut(partition, recovery);
        }
    }
}
