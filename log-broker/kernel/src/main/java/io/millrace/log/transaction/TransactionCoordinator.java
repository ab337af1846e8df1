package io.millrace.log.transaction;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Expiry;
import io.millrace.log.coordinator.ReplicatedState;
import io.millrace.log.metadata.TransactionConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The transactional ids that fall to one partition of {@code __transaction_state}: which producer may act under each,
 * and how far its transaction has come (KIP-98, KIP-360, KIP-890). Legal moves are in {@link TransactionState}.
 *
 * <p>A transaction passes the point of no return with the record of its {@link TransactionState.Prepared}: the client
 * is told then, the partitions afterwards, again and again until each has its marker, across every restart.
 *
 * <p>Whatever is answered, refusals included, is answered when it is committed: nobody is fenced by what can still be
 * lost.
 *
 * <p>Life cycle and thread rule as in {@link ReplicatedState}.
 */
public final class TransactionCoordinator implements ReplicatedState {

    /** What a coordinator needs of the broker around it. */
    public interface Surroundings {

        MarkerWriter markers();

        ProducerIdSource producerIds();

        /** Leader epoch of the coordinator's partition, which markers carry: an older coordinator is not heard. */
        int coordinatorEpoch();
    }

    private final TransactionTable table = new TransactionTable();
    private final InitProducerDecisions inits;
    private final PartitionDecisions partitions;
    private final EndDecisions ends;
    private final MarkerDelivery delivery;
    private final TransactionTimeouts timeouts;
    private final CompletionWaits waits;
    private final Expiry expiry;
    private final TransactionQueries queries;
    private boolean live;

    public TransactionCoordinator(TransactionConfig config, Deadlines deadlines, Surroundings surroundings) {
        delivery = new MarkerDelivery(table, deadlines, surroundings);
        Preparation preparation = new Preparation(surroundings.producerIds(), delivery);
        timeouts = new TransactionTimeouts(table, deadlines, preparation);
        inits = new InitProducerDecisions(config, table, surroundings.producerIds(), preparation);
        waits = new CompletionWaits(deadlines);
        partitions = new PartitionDecisions(table, waits);
        ends = new EndDecisions(table, preparation);
        expiry = new Expiry(deadlines, config.expirationCheckMs(), new IdExpiry(config, table));
        queries = new TransactionQueries(table);
    }

    /** Lets a producer in under its transactional id, which is not empty. */
    public Decision initProducer(TransactionCall<InitProducerIdRequestData, InitProducerIdResponseData> call) {
        return inits.init(call);
    }

    /** Makes partitions part of the producer's transaction, and begins one if none is open. */
    public Decision addPartitions(TransactionCall<TransactionClaim, Errors> call) {
        return partitions.add(call);
    }

    /** Tells of each partition whether it is part of the producer's open transaction. */
    public Decision verifyPartitions(TransactionCall<TransactionClaim, Map<TopicPartition, Errors>> call) {
        return partitions.verify(call);
    }

    public Decision end(TransactionCall<EndTransaction, EndTxnResponseData> call) {
        return ends.end(call);
    }

    public Decision describe(TransactionCall<String, DescribeTransactionsResponseData.TransactionState> call) {
        return queries.describe(call);
    }

    /** Answered with the transactions that pass the filters. */
    public Decision list(TransactionCall<ListTransactionsRequestData, ListTransactionsResponseData> call) {
        return queries.list(call);
    }

    @Override
    public void replay(long offset, ByteBuffer key, @Nullable ByteBuffer value) {
        switch (TransactionRecordCodec.read(key, value)) {
            case TransactionRecord.Transaction record -> replay(record.transactionalId(), record.state());
            case TransactionRecord.Unknown _ -> {}
        }
    }

    private void replay(String transactionalId, @Nullable TransactionState state) {
        if (state == null) {
            table.remove(transactionalId);
        } else {
            table.put(transactionalId, state);
        }
        if (live) {
            timeouts.follow(transactionalId, state);
            waits.follow(transactionalId, state);
        }
    }

    @Override
    public List<Decision> loaded(long nowMs) {
        live = true;
        expiry.start(nowMs);
        List<Decision> decisions = new ArrayList<>();
        table.each((transactionalId, state) -> {
            timeouts.follow(transactionalId, state);
            if (state instanceof TransactionState.Prepared prepared) {
                decisions.add(delivery.start(transactionalId, prepared, nowMs));
            }
        });
        return decisions;
    }

    @Override
    public void unloaded(Errors error) {
        live = false;
        delivery.stop();
        waits.end(error);
    }
}
