package io.millrace.log.api;

import io.millrace.log.replica.PartitionLeader;
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
        return Scatter.onLeaders(shard, shard.image().topic(topic.topic()), topic.partitions(), new LookUp())
                .map(found ->
                        new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(new ArrayList<>(found)));
    }

    private static final class LookUp implements LeaderTask<OffsetForLeaderPartition, EpochEndOffset> {

        @Override
        public int index(OffsetForLeaderPartition wanted) {
            return wanted.partition();
        }

        @Override
        public Promise<EpochEndOffset> run(LocalShard owner, PartitionLeader leader, OffsetForLeaderPartition wanted) {
            Errors fenced = Partitions.checkEpoch(leader, wanted.currentLeaderEpoch());
            return Promise.of(
                    fenced != Errors.NONE
                            ? failed(wanted, fenced)
                            : leader.reading(() -> end(leader, wanted), error -> failed(wanted, error)));
        }

        private static EpochEndOffset end(PartitionLeader leader, OffsetForLeaderPartition wanted) {
            var end = leader.log().endOffsetForEpoch(wanted.leaderEpoch());
            return new EpochEndOffset()
                    .setPartition(wanted.partition())
                    .setLeaderEpoch(end.epoch())
                    .setEndOffset(end.endOffset());
        }

        @Override
        public EpochEndOffset failed(OffsetForLeaderPartition wanted, Errors error) {
            return new EpochEndOffset().setPartition(wanted.partition()).setErrorCode(error.code());
        }
    }
}
