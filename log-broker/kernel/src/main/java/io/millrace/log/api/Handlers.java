package io.millrace.log.api;

import java.util.List;

/** Every API key that this broker serves, beside ApiVersions, which {@link ApiTable} adds. */
public final class Handlers {

    private Handlers() {}

    /** The handlers of one shard. */
    public static List<RequestHandler<?>> all(LocalShard shard) {
        return List.of(
                new ProduceHandler(shard),
                new FetchHandler(shard),
                new ListOffsetsHandler(shard),
                new MetadataHandler(shard),
                new InitProducerIdHandler(shard),
                new CreateTopicsHandler(shard),
                new DeleteTopicsHandler(shard),
                new DeleteRecordsHandler(shard),
                new OffsetForLeaderEpochHandler(shard),
                new DescribeConfigsHandler(shard),
                new AlterConfigsHandler(shard),
                new IncrementalAlterConfigsHandler(shard),
                new CreatePartitionsHandler(shard),
                new ListPartitionReassignmentsHandler(),
                new DescribeLogDirsHandler(shard),
                new DescribeClusterHandler(shard),
                new DescribeTopicPartitionsHandler(shard),
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
                new DeleteGroupsHandler(shard));
    }
}
