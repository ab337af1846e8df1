package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import io.millrace.log.types.TimestampOffset;
import java.util.ArrayList;
import java.util.List;
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

/** ListOffsets: the offset at a time, or at one of the ends. Consumers see no further than the high watermark. */
final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData> {

    /** Answers of older versions have no place for the epoch of an offset. */
    private static final short VERSION_WITH_EPOCH = 4;

    private static final Api API = new Api(ApiKeys.LIST_OFFSETS, 1, 11);
    private static final long UNKNOWN = -1;
    private static final int NO_EPOCH = -1;

    private record Lookup(PartitionId partition, ListOffsetsPartition wanted) {}

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
        List<Promise<ListOffsetsTopicResponse>> topics =
                request.topics().stream().map(this::topic).toList();
        return Promise.all(topics).map(answers -> body(answers, context.version()));
    }

    private static ListOffsetsResponseData body(List<ListOffsetsTopicResponse> topics, short version) {
        if (version < VERSION_WITH_EPOCH) {
            topics.forEach(topic -> topic.partitions().forEach(partition -> partition.setLeaderEpoch(NO_EPOCH)));
        }
        return new ListOffsetsResponseData().setTopics(topics);
    }

    private Promise<ListOffsetsTopicResponse> topic(ListOffsetsTopic topic) {
        TopicImage image = shard.image().topic(topic.name());
        Promise<List<ListOffsetsPartitionResponse>> partitions;
        if (image == null) {
            partitions = Promise.of(topic.partitions().stream()
                    .map(wanted -> failed(wanted, Errors.UNKNOWN_TOPIC_OR_PARTITION))
                    .toList());
        } else {
            List<Lookup> lookups = topic.partitions().stream()
                    .map(wanted -> new Lookup(new PartitionId(image.id(), wanted.partitionIndex()), wanted))
                    .toList();
            partitions = Scatter.each(
                    shard, lookups, Lookup::partition, (owner, lookup) -> Promise.of(lookUp(owner, lookup)));
        }
        return partitions.map(
                found -> new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(new ArrayList<>(found)));
    }

    private static ListOffsetsPartitionResponse lookUp(LocalShard owner, Lookup lookup) {
        ListOffsetsPartition wanted = lookup.wanted();
        PartitionLeader leader = owner.replicas().find(lookup.partition());
        if (leader == null) {
            return failed(wanted, Partitions.missing(owner, lookup.partition()));
        }
        Errors fenced = Partitions.checkEpoch(leader, wanted.currentLeaderEpoch());
        if (fenced != Errors.NONE) {
            return failed(wanted, fenced);
        }
        return leader.reading(() -> answer(wanted, find(leader, wanted.timestamp())), error -> failed(wanted, error));
    }

    private static @Nullable TimestampOffset find(PartitionLeader leader, long timestamp) {
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return new TimestampOffset(UNKNOWN, leader.highWatermark(), leader.leaderEpoch());
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            long start = leader.logStartOffset();
            return new TimestampOffset(UNKNOWN, start, leader.log().leaderEpochAt(start));
        }
        if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
            return committed(leader, leader.log().maxTimestamp());
        }
        if (timestamp < 0) {
            // Offsets of tiered storage: there is none.
            return null;
        }
        return committed(leader, leader.log().offsetForTimestamp(timestamp));
    }

    private static @Nullable TimestampOffset committed(PartitionLeader leader, @Nullable TimestampOffset found) {
        return found == null || found.offset() >= leader.highWatermark() ? null : found;
    }

    private static ListOffsetsPartitionResponse answer(ListOffsetsPartition wanted, @Nullable TimestampOffset found) {
        if (found == null) {
            return failed(wanted, Errors.NONE);
        }
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(wanted.partitionIndex())
                .setTimestamp(found.timestamp())
                .setOffset(found.offset())
                .setLeaderEpoch(found.leaderEpoch());
    }

    private static ListOffsetsPartitionResponse failed(ListOffsetsPartition wanted, Errors error) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(wanted.partitionIndex())
                .setErrorCode(error.code())
                .setTimestamp(UNKNOWN)
                .setOffset(UNKNOWN)
                .setLeaderEpoch(NO_EPOCH);
    }
}
