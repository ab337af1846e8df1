package io.millrace.log.api;

import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.ActiveProducer;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeProducers: who writes to partitions, and what holds back their last stable offset (KIP-664). */
final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_PRODUCERS, 0, 0);

    private final LocalShard shard;

    DescribeProducersHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeProducersRequestData request, RequestContext context) {
        List<Promise<TopicResponse>> topics =
                request.topics().stream().map(this::topic).toList();
        return Promise.all(topics)
                .map(results -> new DescribeProducersResponseData().setTopics(new ArrayList<>(results)));
    }

    private Promise<TopicResponse> topic(TopicRequest topic) {
        return Scatter.onLeaders(shard, shard.image().topic(topic.name()), topic.partitionIndexes(), new Listing())
                .map(found -> new TopicResponse().setName(topic.name()).setPartitions(new ArrayList<>(found)));
    }

    private static final class Listing implements LeaderTask<Integer, PartitionResponse> {

        @Override
        public int index(Integer wanted) {
            return wanted;
        }

        @Override
        public Promise<PartitionResponse> run(LocalShard owner, PartitionLeader leader, Integer wanted) {
            List<ProducerState> producers =
                    leader.log().producers().stream().map(Listing::shown).toList();
            return Promise.of(
                    new PartitionResponse().setPartitionIndex(wanted).setActiveProducers(new ArrayList<>(producers)));
        }

        private static ProducerState shown(ActiveProducer producer) {
            return new ProducerState()
                    .setProducerId(producer.producerId())
                    .setProducerEpoch(producer.epoch())
                    .setLastSequence(producer.lastSequence())
                    .setLastTimestamp(producer.lastAppendMillis())
                    .setCoordinatorEpoch(producer.coordinatorEpoch())
                    .setCurrentTxnStartOffset(producer.transactionStart());
        }

        @Override
        public PartitionResponse failed(Integer wanted, Errors error) {
            return new PartitionResponse()
                    .setPartitionIndex(wanted)
                    .setErrorCode(error.code())
                    .setErrorMessage(error.message());
        }
    }
}
