package io.millrace.log.api;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.transaction.TransactionCall;
import io.millrace.log.transaction.TransactionCoordinator;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Finds the coordinator of a transactional id, on whichever shard it is, and asks it. */
final class TransactionCalls {

    /** The first version of InitProducerId whose clients know of PRODUCER_FENCED. */
    private static final int FENCED_BY_INIT_SINCE = 4;

    /** The same of AddPartitionsToTxn, AddOffsetsToTxn and EndTxn. */
    private static final int FENCED_SINCE = 2;

    private TransactionCalls() {}

    /**
     * Puts a request to the coordinator of {@code transactionalId}.
     *
     * @param request handed over for good
     * @param refused makes the answer if there is no coordinator here for the id, or none that is ready
     */
    static <Q, A> Promise<A> ask(
            LocalShard here,
            String transactionalId,
            Q request,
            BiFunction<TransactionCoordinator, TransactionCall<Q, A>, Decision> event,
            Function<Errors, A> refused) {
        TopicImage topic = here.image().topic(Topic.TRANSACTION_STATE_TOPIC_NAME);
        if (topic == null) {
            return Promise.of(refused.apply(Errors.COORDINATOR_NOT_AVAILABLE));
        }
        int index =
                InternalTopics.partitionOf(transactionalId, topic.partitions().size());
        return here.ask(
                here.ownerOf(new PartitionId(topic.id(), index)),
                there -> there.transactions().ask(index, request, event, refused));
    }

    /** An error in the words of a client that may be too old to know of PRODUCER_FENCED (KIP-588). */
    static short fenced(short error, ApiKeys api, RequestContext context) {
        int since = api == ApiKeys.INIT_PRODUCER_ID ? FENCED_BY_INIT_SINCE : FENCED_SINCE;
        boolean unknown = error == Errors.PRODUCER_FENCED.code() && context.version() < since;
        return unknown ? Errors.INVALID_PRODUCER_EPOCH.code() : error;
    }

    static Errors fenced(Errors error, ApiKeys api, RequestContext context) {
        return Errors.forCode(fenced(error.code(), api, context));
    }
}
