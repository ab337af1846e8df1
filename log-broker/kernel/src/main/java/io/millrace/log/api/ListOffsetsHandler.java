package io.millrace.log.api;

import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.Promise;
import io.millrace.log.types.TimestampOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/**
 * ListOffsets: the offset at a time, or at one of the ends. Consumers see no further than the high watermark, or the
 * last stable offset if they read committed transactions only.
 */
final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData> {

    /** Answers of older versions have no place for the epoch of an offset. */
    private static final short VERSION_WITH_EPOCH = 4;

    private static final Api API = new Api(ApiKeys.LIST_OFFSETS, 1, 11);
    private static final long UNKNOWN = -1;
    private static final int NO_EPOCH = -1;

    private final LocalShard shard;

    ListOffsetsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ListOffsetsRequestData request, RequestContext context) {
        LookUp look = new LookUp(
                request.isolationLevel() == IsolationLevel.READ_COMMITTED.id()
                        ? IsolationLevel.READ_COMMITTED
                        : IsolationLevel.READ_UNCOMMITTED);
        List<Promise<ListOffsetsTopicResponse>> topics =
                request.topics().stream().map(topic -> topic(topic, look)).toList();
        return Promise.all(topics).map(answers -> body(answers, context.version()));
    }

    private static ListOffsetsResponseData body(List<ListOffsetsTopicResponse> topics, short version) {
        if (version < VERSION_WITH_EPOCH) {
            topics.forEach(topic -> topic.partitions().forEach(partition -> partition.setLeaderEpoch(NO_EPOCH)));
        }
        return new ListOffsetsResponseData().setTopics(topics);
    }

    private Promise<ListOffsetsTopicResponse> topic(ListOffsetsTopic topic, LookUp look) {
        return Scatter.onLeaders(shard, shard.image().topic(topic.name()), topic.partitions(), look)
                .map(found ->
                        new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(new ArrayList<>(found)));
    }

    private record LookUp(IsolationLevel isolation)
            implements LeaderTask<ListOffsetsPartition, ListOffsetsPartitionResponse> {

        @Override
        public int index(ListOffsetsPartition wanted) {
            return wanted.partitionIndex();
        }

        @Override
        public Promise<ListOffsetsPartitionResponse> run(
                LocalShard owner, PartitionLeader leader, ListOffsetsPartition wanted) {
            Errors fenced = Partitions.checkEpoch(leader, wanted.currentLeaderEpoch());
            return Promise.of(
                    fenced != Errors.NONE
                            ? failed(wanted, fenced)
                            : leader.reading(
                                    () -> answer(wanted, find(leader, wanted.timestamp(), isolation)),
                                    error -> failed(wanted, error)));
        }

        @Override
        public ListOffsetsPartitionResponse failed(ListOffsetsPartition wanted, Errors error) {
            return notFound(wanted).setErrorCode(error.code());
        }
    }

    private static @Nullable TimestampOffset find(PartitionLeader leader, long timestamp, IsolationLevel isolation) {
        long end = leader.visibleEnd(isolation);
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return new TimestampOffset(UNKNOWN, end, leader.leaderEpoch());
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            long start = leader.logStartOffset();
            return new TimestampOffset(UNKNOWN, start, leader.log().leaderEpochAt(start));
        }
        if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
            return below(end, leader.log().maxTimestamp());
        }
        if (timestamp < 0) {
            // Offsets of tiered storage: there is none.
            return null;
        }
        return below(end, leader.log().offsetForTimestamp(timestamp));
    }

    private static @Nullable TimestampOffset below(long end, @Nullable TimestampOffset found) {
        return found == null || found.offset() >= end ? null : found;
    }

    private static ListOffsetsPartitionResponse answer(ListOffsetsPartition wanted, @Nullable TimestampOffset found) {
        if (found == null) {
            return notFound(wanted);
        }
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(wanted.partitionIndex())
                .setTimestamp(found.timestamp())
                .setOffset(found.offset())
                .setLeaderEpoch(found.leaderEpoch());
    }

    private static ListOffsetsPartitionResponse notFound(ListOffsetsPartition wanted) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(wanted.partitionIndex())
                .setTimestamp(UNKNOWN)
                .setOffset(UNKNOWN)
                .setLeaderEpoch(NO_EPOCH);
    }
}
