package io.millrace.log.api;

import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DeleteRecords: moves the start of logs up to an offset (KIP-107). Topics that only compact refuse, as in Kafka. */
final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData> {

    private static final Api API = new Api(ApiKeys.DELETE_RECORDS, 0, 2);
    private static final long HIGH_WATERMARK = -1;
    private static final long UNKNOWN = -1;

    private final LocalShard shard;

    DeleteRecordsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DeleteRecordsRequestData request, RequestContext context) {
        List<Promise<DeleteRecordsTopicResult>> topics =
                request.topics().stream().map(this::topic).toList();
        return Promise.all(topics).map(results -> {
            DeleteRecordsResponseData response = new DeleteRecordsResponseData();
            response.topics().addAll(results);
            return response;
        });
    }

    private Promise<DeleteRecordsTopicResult> topic(DeleteRecordsTopic topic) {
        return Scatter.onLeaders(shard, shard.image().topic(topic.name()), topic.partitions(), new Deletion())
                .map(done -> {
                    DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
                    result.partitions().addAll(done);
                    return result;
                });
    }

    private static final class Deletion implements LeaderTask<DeleteRecordsPartition, DeleteRecordsPartitionResult> {

        @Override
        public int index(DeleteRecordsPartition wanted) {
            return wanted.partitionIndex();
        }

        @Override
        public Promise<DeleteRecordsPartitionResult> run(
                LocalShard owner, PartitionLeader leader, DeleteRecordsPartition wanted) {
            if (!leader.configs().deletes()) {
                return Promise.of(failed(wanted, Errors.POLICY_VIOLATION));
            }
            long offset = wanted.offset() == HIGH_WATERMARK ? leader.highWatermark() : wanted.offset();
            if (offset < 0 || offset > leader.highWatermark()) {
                return Promise.of(failed(wanted, Errors.OFFSET_OUT_OF_RANGE));
            }
            return leader.deleteRecordsBefore(offset)
                    .map(error -> failed(wanted, error)
                            .setLowWatermark(error == Errors.NONE ? leader.logStartOffset() : UNKNOWN));
        }

        @Override
        public DeleteRecordsPartitionResult failed(DeleteRecordsPartition wanted, Errors error) {
            return new DeleteRecordsPartitionResult()
                    .setPartitionIndex(wanted.partitionIndex())
                    .setErrorCode(error.code())
                    .setLowWatermark(UNKNOWN);
        }
    }
}
