package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** OffsetForLeaderEpoch: where the records of an epoch end, so that a consumer finds what was cut off (KIP-320). */
final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetForLeaderEpochRequestData> {

    private static final Api API = new Api(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 2, 4);

    private record Lookup(PartitionId partition, OffsetForLeaderPartition wanted) {}

    private final LocalShard shard;

    OffsetForLeaderEpochHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(OffsetForLeaderEpochRequestData request, RequestContext context) {
        List<Promise<OffsetForLeaderTopicResult>> topics =
                request.topics().stream().map(this::topic).toList();
        return Promise.all(topics).map(results -> {
            OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
            response.topics().addAll(results);
            return response;
        });
    }

    private Promise<OffsetForLeaderTopicResult> topic(OffsetForLeaderTopic topic) {
        TopicImage image = shard.image().topic(topic.topic());
        Promise<List<EpochEndOffset>> ends;
        if (image == null) {
            ends = Promise.of(topic.partitions().stream()
                    .map(wanted -> failed(wanted, Errors.UNKNOWN_TOPIC_OR_PARTITION))
                    .toList());
        } else {
            List<Lookup> lookups = topic.partitions().stream()
                    .map(wanted -> new Lookup(new PartitionId(image.id(), wanted.partition()), wanted))
                    .toList();
            ends = Scatter.each(
                    shard, lookups, Lookup::partition, (owner, lookup) -> Promise.of(lookUp(owner, lookup)));
        }
        return ends.map(found ->
                new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(new ArrayList<>(found)));
    }

    private static EpochEndOffset lookUp(LocalShard owner, Lookup lookup) {
        OffsetForLeaderPartition wanted = lookup.wanted();
        PartitionLeader leader = owner.replicas().find(lookup.partition());
        if (leader == null) {
            return failed(wanted, Partitions.missing(owner, lookup.partition()));
        }
        Errors fenced = Partitions.checkEpoch(leader, wanted.currentLeaderEpoch());
        if (fenced != Errors.NONE) {
            return failed(wanted, fenced);
        }
        return leader.reading(
                () -> {
                    var end = leader.log().endOffsetForEpoch(wanted.leaderEpoch());
                    return new EpochEndOffset()
                            .setPartition(wanted.partition())
                            .setLeaderEpoch(end.epoch())
                            .setEndOffset(end.endOffset());
                },
                error -> failed(wanted, error));
    }

    private static EpochEndOffset failed(OffsetForLeaderPartition wanted, Errors error) {
        return new EpochEndOffset().setPartition(wanted.partition()).setErrorCode(error.code());
    }
}
