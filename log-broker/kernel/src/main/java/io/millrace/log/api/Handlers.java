package io.millrace.log.api;

import java.util.ArrayList;
import java.util.List;

/** Every API key that this broker serves, beside ApiVersions, which {@link ApiTable} adds. */
public final class Handlers {

    private Handlers() {}

    /** The handlers of one shard. */
    public static List<RequestHandler<?>> all(LocalShard shard) {
        List<RequestHandler<?>> all = new ArrayList<>(data(shard));
        all.addAll(transactions(shard));
        all.addAll(groups(shard));
        all.addAll(administration(shard));
        all.addAll(configs(shard));
        all.addAll(SecurityHandlers.all());
        return all;
    }

    private static List<RequestHandler<?>> data(LocalShard shard) {
        return List.of(
                new ProduceHandler(shard),
                new FetchHandler(shard),
                new ListOffsetsHandler(shard),
                new MetadataHandler(shard),
                new DeleteRecordsHandler(shard),
                new OffsetForLeaderEpochHandler(shard),
                new DescribeProducersHandler(shard));
    }

    private static List<RequestHandler<?>> transactions(LocalShard shard) {
        return List.of(
                new InitProducerIdHandler(shard),
                new AddPartitionsToTxnHandler(shard),
                new AddOffsetsToTxnHandler(shard),
                new EndTxnHandler(shard),
                new WriteTxnMarkersHandler(shard),
                new TxnOffsetCommitHandler(shard),
                new DescribeTransactionsHandler(shard),
                new ListTransactionsHandler(shard));
    }

    private static List<RequestHandler<?>> groups(LocalShard shard) {
        return List.of(
                new FindCoordinatorHandler(shard),
                new JoinGroupHandler(shard),
                new SyncGroupHandler(shard),
                new HeartbeatHandler(shard),
                new LeaveGroupHandler(shard),
                new OffsetCommitHandler(shard),
                new OffsetFetchHandler(shard),
                new OffsetDeleteHandler(shard),
                new DescribeGroupsHandler(shard),
                new ListGroupsHandler(shard),
                new DeleteGroupsHandler(shard),
                new ConsumerGroupHeartbeatHandler(shard),
                new ConsumerGroupDescribeHandler(shard));
    }

    private static List<RequestHandler<?>> administration(LocalShard shard) {
        return List.of(
                new CreateTopicsHandler(shard),
                new DeleteTopicsHandler(shard),
                new CreatePartitionsHandler(shard),
                new ElectLeadersHandler(shard),
                new AlterPartitionReassignmentsHandler(shard),
                new ListPartitionReassignmentsHandler(),
                new AlterReplicaLogDirsHandler(shard),
                new DescribeLogDirsHandler(shard),
                new DescribeClusterHandler(shard),
                new DescribeTopicPartitionsHandler(shard),
                new DescribeQuorumHandler(shard),
                new UpdateFeaturesHandler(),
                new UnregisterBrokerHandler(shard),
                new AddRaftVoterHandler(shard),
                new RemoveRaftVoterHandler(shard));
    }

    private static List<RequestHandler<?>> configs(LocalShard shard) {
        return List.of(
                new DescribeConfigsHandler(shard),
                new AlterConfigsHandler(shard),
                new IncrementalAlterConfigsHandler(shard),
                new ListConfigResourcesHandler(shard),
                new DescribeClientQuotasHandler(shard),
                new AlterClientQuotasHandler(shard),
                new DescribeUserScramCredentialsHandler(shard),
                new AlterUserScramCredentialsHandler(shard));
    }
}
