package io.millrace.log.api;

import io.millrace.log.group.Caller;
import io.millrace.log.group.GroupAnswers;
import io.millrace.log.group.GroupCoordinator;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * TxnOffsetCommit: offsets as part of a transaction. From version 5 on, the request itself makes the group's partition
 * part of it (KIP-890); before, the client has done so by AddOffsetsToTxn. Offsets of topics that do not exist are
 * refused, the others committed together.
 */
final class TxnOffsetCommitHandler implements RequestHandler<TxnOffsetCommitRequestData> {

    private static final Api API = new Api(ApiKeys.TXN_OFFSET_COMMIT, 0, 5);
    private static final int FIRST_VERSION_THAT_ADDS = 5;

    private final LocalShard shard;

    TxnOffsetCommitHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(TxnOffsetCommitRequestData request, RequestContext context) {
        if (request.groupId().isEmpty()) {
            return Promise.of(GroupAnswers.commitFailed(request, Errors.INVALID_GROUP_ID));
        }
        List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
        List<TxnOffsetCommitResponseTopic> unknown = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            if (shard.image().topic(topic.name()) == null) {
                unknown.add(GroupAnswers.commitFailed(topic, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            } else {
                known.add(topic);
            }
        }
        if (known.isEmpty()) {
            return Promise.of(new TxnOffsetCommitResponseData().setTopics(unknown));
        }
        return commit(request.duplicate().setTopics(known), context).map(answer -> {
            answer.topics().addAll(unknown);
            return answer;
        });
    }

    private Promise<TxnOffsetCommitResponseData> commit(TxnOffsetCommitRequestData request, RequestContext context) {
        TopicImage offsets = shard.image().topic(Topic.GROUP_METADATA_TOPIC_NAME);
        if (offsets == null) {
            return Promise.of(GroupAnswers.commitFailed(request, Errors.COORDINATOR_NOT_AVAILABLE));
        }
        PartitionId partition = new PartitionId(offsets.id(), GroupCalls.partitionOf(request.groupId(), offsets));
        Commit commit = new Commit(partition, request, GroupCalls.caller(context));
        return shard.ask(shard.ownerOf(partition), commit::on);
    }

    /** What is done on the shard of the group's coordinator. */
    private record Commit(PartitionId partition, TxnOffsetCommitRequestData request, Caller caller) {

        Promise<TxnOffsetCommitResponseData> on(LocalShard owner) {
            PartitionLeader leader = owner.replicas().find(partition);
            if (leader == null) {
                return Promise.of(failed(Errors.NOT_COORDINATOR));
            }
            TransactionVerifier.Claim claim = new TransactionVerifier.Claim(
                    request.transactionalId(),
                    request.producerId(),
                    request.producerEpoch(),
                    new TopicPartition(leader.name().topic(), partition.index()),
                    caller.version() >= FIRST_VERSION_THAT_ADDS);
            return leader.admit(
                            request.producerId(),
                            request.producerEpoch(),
                            true,
                            () -> owner.transactionVerifier().verify(claim))
                    .then(error -> error == Errors.NONE ? append(owner) : Promise.of(failed(error)));
        }

        private Promise<TxnOffsetCommitResponseData> append(LocalShard owner) {
            return owner.groups()
                    .ask(partition.index(), caller, request, GroupCoordinator::commitInTransaction, this::failed);
        }

        private TxnOffsetCommitResponseData failed(Errors error) {
            return GroupAnswers.commitFailed(request, error);
        }
    }
}
