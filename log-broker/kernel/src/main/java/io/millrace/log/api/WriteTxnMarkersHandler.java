package io.millrace.log.api;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * WriteTxnMarkers: ends transactions in partitions, as coordinators on other brokers and admins who abort a hanging
 * transaction ask for it.
 */
final class WriteTxnMarkersHandler implements RequestHandler<WriteTxnMarkersRequestData> {

    private static final Api API = new Api(ApiKeys.WRITE_TXN_MARKERS, 1, 2);

    private final LocalShard shard;

    WriteTxnMarkersHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(WriteTxnMarkersRequestData request, RequestContext context) {
        List<Promise<WritableTxnMarkerResult>> markers =
                request.markers().stream().map(this::write).toList();
        return Promise.all(markers)
                .map(results -> new WriteTxnMarkersResponseData().setMarkers(new ArrayList<>(results)));
    }

    private Promise<WritableTxnMarkerResult> write(WritableTxnMarker wanted) {
        List<TopicPartition> partitions = new ArrayList<>();
        wanted.topics()
                .forEach(topic -> topic.partitionIndexes()
                        .forEach(index -> partitions.add(new TopicPartition(topic.name(), index))));
        if (wanted.producerId() < 0 || wanted.producerEpoch() < 0) {
            Map<TopicPartition, Errors> refused = new LinkedHashMap<>();
            partitions.forEach(partition -> refused.put(partition, Errors.INVALID_REQUEST));
            return Promise.of(result(wanted, refused));
        }
        TransactionMarker marker = new TransactionMarker(
                wanted.producerId(),
                wanted.producerEpoch(),
                wanted.transactionResult(),
                wanted.coordinatorEpoch(),
                wanted.transactionVersion());
        return TransactionMarkers.write(shard, marker, partitions).map(errors -> result(wanted, errors));
    }

    private static WritableTxnMarkerResult result(WritableTxnMarker wanted, Map<TopicPartition, Errors> errors) {
        Map<String, WritableTxnMarkerTopicResult> topics = new LinkedHashMap<>();
        errors.forEach((partition, error) -> topics.computeIfAbsent(
                        partition.topic(), name -> new WritableTxnMarkerTopicResult().setName(name))
                .partitions()
                .add(new WritableTxnMarkerPartitionResult()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(error.code())));
        return new WritableTxnMarkerResult()
                .setProducerId(wanted.producerId())
                .setTopics(new ArrayList<>(topics.values()));
    }
}
