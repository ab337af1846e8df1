package io.millrace.log.api;

import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.Decision;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.quota.ClientMeters;
import io.millrace.log.replica.Replicas;
import io.millrace.log.types.Loggers;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import io.millrace.log.types.Timers;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The shard a handler runs on. All state reachable from here is the shard's own: code of another shard gets at it only
 * by {@link #ask}.
 */
public interface LocalShard {

    /** What this broker was told at its start. */
    BrokerConfig config();

    /** The configs of this broker as they are now. */
    BrokerSettings settings();

    /** What this broker was told about groups. */
    GroupConfig groupConfig();

    /** The cluster's metadata as far as this shard has seen it. Each call may give a newer image. */
    ClusterImage image();

    /** How many batches of the metadata log are in {@link #image}. */
    long metadataEnd();

    Timers timers();

    /** The node's one source of chance. */
    RandomGenerator random();

    /** The partitions that this shard owns. */
    Replicas replicas();

    /** The group coordinators whose partitions this shard owns. */
    GroupCoordinators groups();

    /** The transaction coordinators whose partitions this shard owns. */
    TransactionCoordinators transactions();

    /** The producer ids that this shard may give away. */
    ProducerIdPool producerIds();

    /** Asks the transaction coordinators, on whichever shard they are, on behalf of this shard's partitions. */
    TransactionVerifier transactionVerifier();

    /** The loggers of this broker's process. */
    Loggers loggers();

    /** The partitions of the whole broker that could not be opened. */
    OfflinePartitions offline();

    /** What clients took of late, of those quotas whose meters lie on this shard. */
    ClientMeters meters();

    /** The number of this shard. */
    int self();

    /** Number of shards of this broker; they are numbered from 0. */
    int shards();

    /** The shard of this broker that owns a partition, whether the partition exists or not. */
    int ownerOf(PartitionId partition);

    /**
     * Runs {@code call} on a shard of this broker, inline if it is this one, and completes here with what its promise
     * gives there. The shard that is asked has seen at least the metadata that the asker had seen.
     *
     * @param call captures only what is immutable or handed over for good; its argument is the shard that runs it
     */
    <A> Promise<A> ask(int shard, Function<LocalShard, Promise<A>> call);

    /** Runs {@code call} on the shard that has the controller, as {@link #ask} does. */
    <A> Promise<A> onController(Function<LocalShard, Promise<A>> call);

    /**
     * Has the controller decide, one decision after the other over the newest image, and completes when what was
     * decided is committed and applied here.
     *
     * @param decision a pure function of the image: the records that carry it out, and the answer; no records means
     *     that nothing changes and the answer stands at once
     * @param refused makes the answer if the records did not reach the metadata log, from the reason
     */
    <A> Promise<A> decide(Function<ClusterImage, Decision<A>> decision, Function<String, A> refused);
}
