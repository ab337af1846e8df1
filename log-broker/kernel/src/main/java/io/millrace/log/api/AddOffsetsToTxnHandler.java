package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.transaction.TransactionClaim;
import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * AddOffsetsToTxn: makes the partition of {@code __consumer_offsets} that keeps a group part of a transaction. Sent by
 * clients that do not speak version 2 of transactions.
 */
final class AddOffsetsToTxnHandler implements RequestHandler<AddOffsetsToTxnRequestData> {

    private static final Api API = new Api(ApiKeys.ADD_OFFSETS_TO_TXN, 0, 4);
    private static final int TRANSACTIONS = 0;

    private final LocalShard shard;

    AddOffsetsToTxnHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AddOffsetsToTxnRequestData request, RequestContext context) {
        if (request.transactionalId().isEmpty()) {
            return Promise.of(answer(Errors.INVALID_REQUEST));
        }
        return InternalTopics.offsets(shard)
                .then(ignored -> add(request))
                .map(error -> answer(TransactionCalls.fenced(error, API.key(), context)));
    }

    private Promise<Errors> add(AddOffsetsToTxnRequestData request) {
        TopicImage offsets = shard.image().topic(Topic.GROUP_METADATA_TOPIC_NAME);
        if (offsets == null) {
            return Promise.of(Errors.COORDINATOR_NOT_AVAILABLE);
        }
        TopicPartition partition =
                new TopicPartition(offsets.name(), GroupCalls.partitionOf(request.groupId(), offsets));
        TransactionClaim claim = new TransactionClaim(
                request.transactionalId(),
                request.producerId(),
                request.producerEpoch(),
                List.of(partition),
                TRANSACTIONS);
        return TransactionCalls.ask(
                shard, claim.transactionalId(), claim, TransactionCoordinator::addPartitions, error -> error);
    }

    private static AddOffsetsToTxnResponseData answer(Errors error) {
        return new AddOffsetsToTxnResponseData().setErrorCode(error.code());
    }
}
