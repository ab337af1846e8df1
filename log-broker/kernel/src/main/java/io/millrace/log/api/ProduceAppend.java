package io.millrace.log.api;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.types.Promise;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What Produce does on the shard of each partition: waits for the producer's turn, appends, and waits for what the
 * client asks for.
 *
 * @param transactionalId null if the producer has none
 */
record ProduceAppend(short acks, @Nullable String transactionalId, short version)
        implements LeaderTask<PartitionProduceData, PartitionProduceResponse> {

    static final short ACKS_ALL = -1;

    /** Since here a batch adds its partition to the transaction (KIP-890, transaction version 2). */
    private static final int ADDS_PARTITION_SINCE = 12;

    private static final int TRANSACTION_ABORTABLE_SINCE = 11;

    static ProduceAppend of(ProduceRequestData request, RequestContext context) {
        return new ProduceAppend(request.acks(), request.transactionalId(), context.version());
    }

    @Override
    public int index(PartitionProduceData part) {
        return part.index();
    }

    @Override
    public Promise<PartitionProduceResponse> run(LocalShard owner, PartitionLeader leader, PartitionProduceData part) {
        if (!(part.records() instanceof MemoryRecords memory)) {
            return Promise.of(refused(part, Errors.INVALID_RECORD, "no records were sent"));
        }
        ByteBuffer records = memory.buffer();
        boolean transactional = BatchHeader.isPresent(records, records.position())
                && BatchHeader.isTransactional(records, records.position());
        if (transactional && transactionalId == null) {
            return Promise.of(refused(
                    part,
                    Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    "the batch is transactional, and the request names no transactional id"));
        }
        return leader.admit(records, () -> verify(owner, leader, records))
                .then(error -> error == Errors.NONE
                        ? append(owner, leader, part, records)
                        : notAdmitted(owner, leader, part, error));
    }

    private Promise<Errors> verify(LocalShard owner, PartitionLeader leader, ByteBuffer records) {
        TopicPartition partition = leader.name().topicPartition();
        return owner.transactionVerifier()
                .verify(new TransactionVerifier.Claim(
                        transactionalId == null ? "" : transactionalId,
                        BatchHeader.producerId(records, records.position()),
                        BatchHeader.producerEpoch(records, records.position()),
                        partition,
                        version >= ADDS_PARTITION_SINCE));
    }

    private Promise<PartitionProduceResponse> append(
            LocalShard owner, PartitionLeader leader, PartitionProduceData part, ByteBuffer records) {
        boolean all = acks == ACKS_ALL;
        return switch (leader.append(records, all, owner.timers().now())) {
            case AppendOutcome.Rejected rejected -> Promise.of(refused(part, rejected.error(), rejected.message()));
            case AppendOutcome.Appended done ->
                acknowledged(leader, part, done.lastOffset(), stored(done.baseOffset(), done.logAppendTime()));
            case AppendOutcome.Duplicate done ->
                acknowledged(leader, part, done.lastOffset(), stored(done.baseOffset(), done.logAppendTime()));
        };
    }

    private Promise<PartitionProduceResponse> acknowledged(
            PartitionLeader leader, PartitionProduceData part, long lastOffset, PartitionProduceResponse stored) {
        stored.setIndex(part.index()).setLogStartOffset(leader.logStartOffset());
        if (acks != ACKS_ALL) {
            return Promise.of(stored);
        }
        return leader.committed(lastOffset).map(error -> error == Errors.NONE ? stored : refused(part, error, null));
    }

    private static PartitionProduceResponse stored(long baseOffset, long logAppendTime) {
        return new PartitionProduceResponse().setBaseOffset(baseOffset).setLogAppendTimeMs(logAppendTime);
    }

    /** Answers what the coordinator said, in words that a producer of any age acts upon rightly (as Kafka does). */
    private Promise<PartitionProduceResponse> notAdmitted(
            LocalShard owner, PartitionLeader leader, PartitionProduceData part, Errors error) {
        if (part.records() instanceof MemoryRecords memory) {
            leader.refusedForNow(memory.buffer(), owner.timers().now());
        }
        return Promise.of(
                switch (error) {
                    case CONCURRENT_TRANSACTIONS,
                            COORDINATOR_LOAD_IN_PROGRESS,
                            COORDINATOR_NOT_AVAILABLE,
                            NOT_COORDINATOR ->
                        refused(
                                part,
                                Errors.NOT_ENOUGH_REPLICAS,
                                "the transaction coordinator could not be asked about the partition: " + error);
                    case PRODUCER_FENCED -> refused(part, Errors.INVALID_PRODUCER_EPOCH, null);
                    case TRANSACTION_ABORTABLE ->
                        refused(
                                part,
                                version >= TRANSACTION_ABORTABLE_SINCE ? error : Errors.INVALID_TXN_STATE,
                                "the partition was not added to the transaction");
                    case INVALID_TXN_STATE -> refused(part, error, "the partition was not added to the transaction");
                    default -> refused(part, error, null);
                });
    }

    @Override
    public PartitionProduceResponse failed(PartitionProduceData part, Errors error) {
        return refused(part, error, null);
    }

    static PartitionProduceResponse refused(PartitionProduceData part, Errors error, @Nullable String message) {
        return new PartitionProduceResponse()
                .setIndex(part.index())
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setBaseOffset(-1)
                .setLogAppendTimeMs(-1)
                .setLogStartOffset(-1);
    }
}
