package io.millrace.log.api;

import io.millrace.log.transaction.TransactionClaim;
import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * AddPartitionsToTxn: of clients below version 4, one transaction; of brokers from then on, several, each to be added
 * to or only verified (KIP-890). A partition that does not exist spoils its transaction's request.
 */
final class AddPartitionsToTxnHandler implements RequestHandler<AddPartitionsToTxnRequestData> {

    private static final Api API = new Api(ApiKeys.ADD_PARTITIONS_TO_TXN, 0, 5);
    private static final int FIRST_VERSION_OF_BROKERS = 4;
    private static final int TRANSACTIONS_OF_BROKERS = 2;
    private static final int TRANSACTIONS_OF_CLIENTS = 0;

    private final LocalShard shard;

    AddPartitionsToTxnHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AddPartitionsToTxnRequestData request, RequestContext context) {
        return context.version() < FIRST_VERSION_OF_BROKERS ? ofClient(request, context) : ofBroker(request);
    }

    private Promise<AddPartitionsToTxnResponseData> ofClient(
            AddPartitionsToTxnRequestData request, RequestContext context) {
        AddPartitionsToTxnTransaction only = new AddPartitionsToTxnTransaction()
                .setTransactionalId(request.v3AndBelowTransactionalId())
                .setProducerId(request.v3AndBelowProducerId())
                .setProducerEpoch(request.v3AndBelowProducerEpoch())
                .setTopics(request.v3AndBelowTopics());
        return errors(only, TRANSACTIONS_OF_CLIENTS).map(errors -> {
            errors.replaceAll((partition, error) -> TransactionCalls.fenced(error, API.key(), context));
            return new AddPartitionsToTxnResponseData()
                    .setResultsByTopicV3AndBelow(result("", errors).topicResults());
        });
    }

    private Promise<AddPartitionsToTxnResponseData> ofBroker(AddPartitionsToTxnRequestData request) {
        List<Promise<AddPartitionsToTxnResult>> results = new ArrayList<>();
        for (AddPartitionsToTxnTransaction each : request.transactions()) {
            String id = each.transactionalId();
            results.add(errors(each, TRANSACTIONS_OF_BROKERS).map(errors -> result(id, errors)));
        }
        return Promise.all(results).map(all -> {
            AddPartitionsToTxnResultCollection collection = new AddPartitionsToTxnResultCollection(all.size());
            collection.addAll(all);
            return new AddPartitionsToTxnResponseData().setResultsByTransaction(collection);
        });
    }

    private Promise<Map<TopicPartition, Errors>> errors(AddPartitionsToTxnTransaction wanted, int version) {
        List<TopicPartition> partitions = new ArrayList<>();
        wanted.topics()
                .forEach(topic ->
                        topic.partitions().forEach(index -> partitions.add(new TopicPartition(topic.name(), index))));
        Map<TopicPartition, Errors> refused = refusals(partitions, version == TRANSACTIONS_OF_CLIENTS);
        if (refused != null) {
            return Promise.of(refused);
        }
        if (wanted.transactionalId().isEmpty()) {
            return Promise.of(all(partitions, Errors.INVALID_REQUEST));
        }
        TransactionClaim claim = new TransactionClaim(
                wanted.transactionalId(), wanted.producerId(), wanted.producerEpoch(), partitions, version);
        if (wanted.verifyOnly()) {
            return TransactionCalls.ask(
                    shard,
                    claim.transactionalId(),
                    claim,
                    TransactionCoordinator::verifyPartitions,
                    error -> all(partitions, error));
        }
        return TransactionCalls.ask(
                        shard, claim.transactionalId(), claim, TransactionCoordinator::addPartitions, error -> error)
                .map(error -> all(partitions, error));
    }

    /** Null if all partitions may be part of a transaction. */
    private @Nullable Map<TopicPartition, Errors> refusals(List<TopicPartition> partitions, boolean ofClient) {
        Map<TopicPartition, Errors> errors = all(partitions, Errors.OPERATION_NOT_ATTEMPTED);
        boolean any = false;
        for (TopicPartition each : partitions) {
            Errors error = ofClient && Topic.isInternal(each.topic())
                    ? Errors.TOPIC_AUTHORIZATION_FAILED
                    : Partitions.exists(shard, each);
            if (error != Errors.NONE) {
                errors.put(each, error);
                any = true;
            }
        }
        return any ? errors : null;
    }

    private static Map<TopicPartition, Errors> all(List<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        partitions.forEach(each -> errors.put(each, error));
        return errors;
    }

    private static AddPartitionsToTxnResult result(String transactionalId, Map<TopicPartition, Errors> errors) {
        AddPartitionsToTxnResult result = new AddPartitionsToTxnResult().setTransactionalId(transactionalId);
        errors.forEach((partition, error) -> {
            AddPartitionsToTxnTopicResult topic = result.topicResults().find(partition.topic());
            if (topic == null) {
                topic = new AddPartitionsToTxnTopicResult().setName(partition.topic());
                result.topicResults().add(topic);
            }
            topic.resultsByPartition()
                    .add(new AddPartitionsToTxnPartitionResult()
                            .setPartitionIndex(partition.partition())
                            .setPartitionErrorCode(error.code()));
        });
        return result;
    }
}
