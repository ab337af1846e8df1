package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.error;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A transactional producer as Kafka's own, in version 2 of transactions or before: asks again what a broker says is to
 * be asked again, and moves the clock meanwhile.
 */
final class TransactionalClient {

    static final byte GROUP = 0;
    static final byte TRANSACTION = 1;

    private static final int ATTEMPTS_MAX = 200;
    private static final int RETRY_MS = 20;

    /** After which a client tries again. */
    private static final Set<Errors> RETRIABLE = Set.of(
            Errors.CONCURRENT_TRANSACTIONS,
            Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.COORDINATOR_NOT_AVAILABLE,
            Errors.NOT_COORDINATOR,
            Errors.NOT_ENOUGH_REPLICAS,
            Errors.NOT_LEADER_OR_FOLLOWER,
            Errors.UNKNOWN_TOPIC_OR_PARTITION);

    /** The versions of the requests that go with a version of transactions. */
    enum Speaks {
        VERSION_2(13, 5, 5),
        VERSION_0(13, 4, 4);

        private final int produce;
        private final int offsets;
        private final int end;

        Speaks(int produce, int offsets, int end) {
            this.produce = produce;
            this.offsets = offsets;
            this.end = end;
        }
    }

    private final BrokerFixture broker;
    private final String id;
    private final Speaks speaks;
    private final Map<TopicPartition, Integer> sequences = new LinkedHashMap<>();
    private TestClient client;
    private long producerId = -1;
    private short epoch = -1;

    TransactionalClient(BrokerFixture broker, TestClient client, String id, Speaks speaks) {
        this.broker = broker;
        this.client = client;
        this.id = id;
        this.speaks = speaks;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** Asks until the answer is one that is not to be asked for again. */
    private Errors retry(Supplier<Errors> ask) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Errors answer = ask.get();
            if (!RETRIABLE.contains(answer)) {
                return answer;
            }
            broker.pass(RETRY_MS);
        }
        throw new AssertionError("no end of retriable errors");
    }

    /** Fences whoever was before. */
    void init() {
        find(client, TRANSACTION, id);
        assertThat(retry(() -> tryInit(new InitProducerIdRequestData()))).isEqualTo(Errors.NONE);
    }

    /** Goes on after an error (KIP-360). */
    Errors bumpEpoch() {
        return retry(() -> tryInit(
                new InitProducerIdRequestData().setProducerId(producerId).setProducerEpoch(epoch)));
    }

    private Errors tryInit(InitProducerIdRequestData request) {
        InitProducerIdResponseData answer = client.call(
                InitProducerIdResponseData.class, request.setTransactionalId(id).setTransactionTimeoutMs(60_000), 5);
        if (error(answer.errorCode()) == Errors.NONE) {
            become(answer.producerId(), answer.producerEpoch());
        }
        return error(answer.errorCode());
    }

    private void become(long newProducerId, short newEpoch) {
        if (newProducerId != producerId || newEpoch != epoch) {
            sequences.clear();
        }
        producerId = newProducerId;
        epoch = newEpoch;
    }

    /** Has the topic of a coordinator made, if there is none. */
    static void find(TestClient client, byte keyType, String key) {
        FindCoordinatorRequestData request =
                new FindCoordinatorRequestData().setKeyType(keyType).setCoordinatorKeys(List.of(key));
        FindCoordinatorResponseData found = client.call(FindCoordinatorResponseData.class, request, 6);
        assertThat(error(found.coordinators().getFirst().errorCode())).isEqualTo(Errors.NONE);
    }

    /** Makes a partition part of the transaction, as clients before version 2 must. */
    Errors add(String topic, int partition) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partition)));
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(id)
                .setV3AndBelowProducerId(producerId)
                .setV3AndBelowProducerEpoch(epoch)
                .setV3AndBelowTopics(topics);
        return retry(() -> error(client.call(AddPartitionsToTxnResponseData.class, request, 3)
                .resultsByTopicV3AndBelow()
                .find(topic)
                .resultsByPartition()
                .find(partition)
                .partitionErrorCode()));
    }

    Errors produce(String topic, Uuid topicId, int partition, String value) {
        TopicPartition target = new TopicPartition(topic, partition);
        if (speaks == Speaks.VERSION_0) {
            Errors added = add(topic, partition);
            if (added != Errors.NONE) {
                return added;
            }
        }
        int sequence = sequences.getOrDefault(target, 0);
        Errors answer = retry(() -> send(topicId, partition, sequence, value));
        if (answer == Errors.NONE) {
            sequences.put(target, sequence + 1);
        }
        return answer;
    }

    /** One attempt under the producer and epoch of now. */
    Errors send(Uuid topicId, int partition, int sequence, String value) {
        ProduceResponseData answer = client.call(
                ProduceResponseData.class,
                Requests.produce(topicId, partition, -1, Batches.transactional(producerId, epoch, sequence, value))
                        .setTransactionalId(id),
                speaks.produce);
        return error(Requests.first(answer).errorCode());
    }

    Errors commitOffset(String group, String topic, int partition, long offset) {
        find(client, GROUP, group);
        if (speaks == Speaks.VERSION_0) {
            AddOffsetsToTxnRequestData add = new AddOffsetsToTxnRequestData()
                    .setTransactionalId(id)
                    .setProducerId(producerId)
                    .setProducerEpoch(epoch)
                    .setGroupId(group);
            Errors added = retry(() ->
                    error(client.call(AddOffsetsToTxnResponseData.class, add, 4).errorCode()));
            if (added != Errors.NONE) {
                return added;
            }
        }
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId(id)
                .setGroupId(group)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
        return retry(() -> error(client.call(TxnOffsetCommitResponseData.class, request, speaks.offsets)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode()));
    }

    Errors end(boolean commit) {
        EndTxnRequestData request = endRequest(commit);
        return retry(() -> ended(client.call(EndTxnResponseData.class, request, speaks.end)));
    }

    private Errors ended(EndTxnResponseData answer) {
        if (error(answer.errorCode()) == Errors.NONE && answer.producerId() >= 0) {
            become(answer.producerId(), answer.producerEpoch());
        }
        return error(answer.errorCode());
    }

    /** As it is sent now, to be sent later. */
    EndTxnRequestData endRequest(boolean commit) {
        return new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(commit);
    }
}
