package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.simulation.TransactionalClient.Speaks;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions on a whole broker of two shards: coordinator, partitions and connection are rarely on the same one. */
class TransactionTest {

    private static final String ID = "payments";

    private final BrokerFixture broker = new BrokerFixture(2);
    private TestClient client = broker.connect(0);
    private Uuid orders = Uuid.ZERO_UUID;
    private Uuid audit = Uuid.ZERO_UUID;

    @BeforeEach
    void topics() {
        orders = created(client, "orders", 2);
        audit = created(client, "audit", 1);
    }

    private TransactionalClient producer(Speaks speaks) {
        TransactionalClient producer = new TransactionalClient(broker, client, ID, speaks);
        producer.init();
        return producer;
    }

    private void produced(TransactionalClient producer, String value) {
        assertThat(producer.produce("orders", orders, 0, value)).isEqualTo(Errors.NONE);
        assertThat(producer.produce("orders", orders, 1, value)).isEqualTo(Errors.NONE);
        assertThat(producer.produce("audit", audit, 0, value)).isEqualTo(Errors.NONE);
    }

    /** What a consumer with isolation.level=read_committed sees, without offsets. */
    static List<String> committed(TestClient client, Uuid topic, int partition) {
        FetchResponseData answer = client.call(
                FetchResponseData.class, fetch(topic, 0, 0, partition).setIsolationLevel((byte) 1), FETCH);
        PartitionData data = answer.responses().getFirst().partitions().getFirst();
        CommittedReader reader = new CommittedReader(0);
        reader.fetched(
                ((MemoryRecords) data.records()).buffer(),
                Objects.requireNonNullElse(data.abortedTransactions(), List.<FetchResponseData.AbortedTransaction>of())
                        .stream()
                        .map(each -> new CommittedReader.Aborted(each.producerId(), each.firstOffset()))
                        .toList());
        return reader.seen().stream()
                .map(each -> each.substring(each.indexOf('=') + 1))
                .toList();
    }

    private List<String> committed(int partition) {
        return committed(client, orders, partition);
    }

    static OffsetFetchResponsePartitions offset(TestClient client, String group, boolean stable) {
        OffsetFetchRequestGroup wanted = new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(
                        List.of(new OffsetFetchRequestTopics().setName("orders").setPartitionIndexes(List.of(0))));
        OffsetFetchRequestData request =
                new OffsetFetchRequestData().setGroups(List.of(wanted)).setRequireStable(stable);
        OffsetFetchResponseGroup answer =
                client.call(OffsetFetchResponseData.class, request, 9).groups().getFirst();
        return error(answer.errorCode()) == Errors.NONE
                ? answer.topics().getFirst().partitions().getFirst()
                : new OffsetFetchResponsePartitions().setErrorCode(answer.errorCode());
    }

    private TransactionState described() {
        return client.call(
                        DescribeTransactionsResponseData.class,
                        new DescribeTransactionsRequestData().setTransactionalIds(List.of(ID)),
                        0)
                .transactionStates()
                .getFirst();
    }

    @ParameterizedTest
    @EnumSource(Speaks.class)
    void readersSeeACommittedTransactionAndNothingOfAnAbortedOne(Speaks speaks) {
        TransactionalClient producer = producer(speaks);
        produced(producer, "aborted");
        assertThat(producer.commitOffset("shop", "orders", 0, 5)).isEqualTo(Errors.NONE);
        assertThat(producer.end(false)).isEqualTo(Errors.NONE);
        produced(producer, "committed");
        assertThat(producer.commitOffset("shop", "orders", 0, 7)).isEqualTo(Errors.NONE);
        assertThat(committed(0)).isEmpty();
        assertThat(error(offset(client, "shop", true).errorCode())).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
        assertThat(offset(client, "shop", false).committedOffset()).isEqualTo(-1);

        assertThat(producer.end(true)).isEqualTo(Errors.NONE);

        assertThat(committed(0)).containsExactly("committed");
        assertThat(committed(1)).containsExactly("committed");
        assertThat(committed(client, audit, 0)).containsExactly("committed");
        assertThat(offset(client, "shop", true).committedOffset()).isEqualTo(7);
    }

    @Test
    void everyEndMovesTheEpochInVersionTwo() {
        TransactionalClient producer = producer(Speaks.VERSION_2);
        assertThat(producer.epoch()).isZero();
        for (int i = 0; i < 3; i++) {
            produced(producer, "v" + i);
            producer.end(i != 1);
        }

        assertThat(producer.epoch()).isEqualTo((short) 3);
        assertThat(committed(0)).containsExactly("v0", "v2");
    }

    /** A20: the first of two producers with one transactional id writes nothing more, and is told why. */
    @ParameterizedTest
    @EnumSource(Speaks.class)
    void a20AZombieIsFenced(Speaks speaks) {
        TransactionalClient zombie = producer(speaks);
        produced(zombie, "half");

        TransactionalClient successor = producer(speaks);
        produced(successor, "whole");

        assertThat(zombie.send(orders, 0, 1, "zombie")).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(zombie.send(orders, 0, 0, "zombie")).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(zombie.commitOffset("shop", "orders", 0, 1))
                .isIn(Errors.INVALID_PRODUCER_EPOCH, Errors.PRODUCER_FENCED);
        assertThat(zombie.end(true)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(zombie.bumpEpoch()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(successor.end(true)).isEqualTo(Errors.NONE);
        assertThat(committed(0)).containsExactly("whole");
        assertThat(offset(client, "shop", false).committedOffset()).isEqualTo(-1);
    }

    /** A18: KIP-890, for clients that add their partitions themselves. */
    @Test
    void a18APartitionThatWasNotAddedTakesNoRecords() {
        TransactionalClient producer = producer(Speaks.VERSION_0);
        produced(producer, "v");
        producer.end(true);

        // Version 11 is the last in which the batch itself adds nothing.
        assertThat(sendOld(producer)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        assertThat(producer.add("orders", 1)).isEqualTo(Errors.NONE);
        assertThat(sendOld(producer)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        assertThat(producer.end(false)).isEqualTo(Errors.NONE);
        assertThat(committed(0)).containsExactly("v");
    }

    private Errors sendOld(TransactionalClient producer) {
        var request = Requests.produce(
                        Uuid.ZERO_UUID,
                        0,
                        -1,
                        Batches.transactional(producer.producerId(), producer.epoch(), 1, "late"))
                .setTransactionalId(ID);
        request.topicData().forEach(topic -> topic.setName("orders"));
        var answer = client.call(ProduceResponseData.class, request, 11);
        return error(Requests.first(answer).errorCode());
    }

    /** A19: KAFKA-17754. */
    @Test
    void a19AnEndThatWasHeldUpDoesNotReachTheNextTransaction() {
        TransactionalClient producer = producer(Speaks.VERSION_2);
        produced(producer, "first");
        EndTxnRequestData heldUp = producer.endRequest(true);
        producer.end(true);
        produced(producer, "second");

        EndTxnResponseData late = client.call(EndTxnResponseData.class, heldUp, 5);

        assertThat(error(late.errorCode())).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(committed(0)).containsExactly("first");
        producer.end(false);
        assertThat(committed(0)).containsExactly("first");
    }

    /** A21: whatever comes after the abort is refused, and nothing holds readers up. */
    @ParameterizedTest
    @EnumSource(Speaks.class)
    void a21ATransactionWhoseProducerIsGoneHoldsReadersUpNoLongerThanItsTimeout(Speaks speaks) {
        TransactionalClient producer = producer(speaks);
        produced(producer, "open");
        created(client, "other", 1);
        client.call(
                ProduceResponseData.class,
                Requests.produce(orders, 0, -1, Batches.batch(1, "behind")),
                Requests.PRODUCE);
        broker.pass(59_000);
        assertThat(committed(0)).isEmpty();

        broker.pass(1_000);

        assertThat(committed(0)).containsExactly("behind");
        assertThat(producer.send(orders, 0, 1, "late")).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(described().transactionState()).isEqualTo("CompleteAbort");
        assertThat(committed(0)).containsExactly("behind");
    }

    /** A21: the coordinator goes down between its decision and the markers. */
    @Test
    void a21WhatIsPreparedIsCompletedAfterARestart() {
        TransactionalClient producer = producer(Speaks.VERSION_2);
        produced(producer, "v");
        broker.holdSyncs();
        long end = client.send(producer.endRequest(true), 5);
        while (client.poll(EndTxnResponseData.class, end) == null) {
            broker.releaseSync(0);
        }
        assertThat(described().transactionState()).isEqualTo("PrepareCommit");

        broker.crashAndRestart();
        client = broker.connect(1);
        broker.pass(100);

        assertThat(described().transactionState()).isEqualTo("CompleteCommit");
        assertThat(committed(0)).containsExactly("v");
        assertThat(committed(1)).containsExactly("v");
    }

    @Test
    void aTransactionGoesOnAfterARestart() {
        TransactionalClient producer = producer(Speaks.VERSION_2);
        produced(producer, "before");
        broker.restart();
        client = broker.connect(1);
        TransactionState open = described();
        assertThat(open.transactionState()).isEqualTo("Ongoing");
        assertThat(open.topics().find("orders").partitions()).containsExactly(0, 1);
        assertThat(open.transactionTimeoutMs()).isEqualTo(60_000);

        EndTxnResponseData ended = client.call(EndTxnResponseData.class, producer.endRequest(true), 5);

        assertThat(error(ended.errorCode())).isEqualTo(Errors.NONE);
        assertThat(committed(0)).containsExactly("before");
    }

    @Test
    void theTransactionsOfAllShardsAreListed() {
        for (int i = 0; i < 10; i++) {
            new TransactionalClient(broker, client, "id-" + i, Speaks.VERSION_2).init();
        }
        produced(producer(Speaks.VERSION_2), "v");

        ListTransactionsResponseData all =
                client.call(ListTransactionsResponseData.class, new ListTransactionsRequestData(), 2);
        ListTransactionsResponseData open = client.call(
                ListTransactionsResponseData.class,
                new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "Unheard")),
                2);

        assertThat(all.transactionStates()).hasSize(11);
        assertThat(open.transactionStates())
                .singleElement()
                .satisfies(each -> assertThat(each.transactionalId()).isEqualTo(ID));
        assertThat(open.unknownStateFilters()).containsExactly("Unheard");
    }

    @Test
    void theFirstToAskHasTheTopicMade() {
        FindCoordinatorResponseData found = client.call(
                FindCoordinatorResponseData.class,
                new FindCoordinatorRequestData().setKeyType((byte) 1).setKey(ID),
                1);

        assertThat(error(found.errorCode())).isEqualTo(Errors.NONE);
        assertThat(found.nodeId()).isEqualTo(1);
        var topic = Objects.requireNonNull(broker.shard(0).image().topic("__transaction_state"));
        assertThat(topic.partitions()).hasSize(8);
        assertThat(topic.configs()).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void withoutItsTopicThereIsNoCoordinator() {
        assertThat(error(described().errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        producer(Speaks.VERSION_2);
        InitProducerIdRequestData init =
                new InitProducerIdRequestData().setTransactionalId(ID).setTransactionTimeoutMs(1_000);

        assertThat(init(init.duplicate().setTransactionalId(""), 5)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(init(init.duplicate().setProducerId(5), 5)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(init(init.duplicate().setTransactionTimeoutMs(0), 5)).isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        EndTxnRequestData end = new EndTxnRequestData().setProducerId(1).setProducerEpoch((short) 0);
        assertThat(error(client.call(EndTxnResponseData.class, end, 5).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    private Errors init(InitProducerIdRequestData request, int version) {
        return error(
                client.call(InitProducerIdResponseData.class, request, version).errorCode());
    }

    /** Clients before Kafka 2.7 know nothing of PRODUCER_FENCED. */
    @Test
    void oldClientsAreFencedInTheirOwnWords() {
        TransactionalClient zombie = producer(Speaks.VERSION_0);
        producer(Speaks.VERSION_0);
        InitProducerIdRequestData init = new InitProducerIdRequestData()
                .setTransactionalId(ID)
                .setTransactionTimeoutMs(1_000)
                .setProducerId(zombie.producerId())
                .setProducerEpoch(zombie.epoch());

        assertThat(init(init, 3)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(init(init, 4)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(endError(zombie, 1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(endError(zombie, 2)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    private Errors endError(TransactionalClient producer, int version) {
        return error(client.call(EndTxnResponseData.class, producer.endRequest(true), version)
                .errorCode());
    }

    @Test
    void aPartitionThatDoesNotExistSpoilsTheRequest() {
        TransactionalClient producer = producer(Speaks.VERSION_0);
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName("orders").setPartitions(List.of(0, 9)));
        topics.add(new AddPartitionsToTxnTopic().setName("__transaction_state").setPartitions(List.of(0)));
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(ID)
                .setV3AndBelowProducerId(producer.producerId())
                .setV3AndBelowProducerEpoch(producer.epoch())
                .setV3AndBelowTopics(topics);

        var results =
                client.call(AddPartitionsToTxnResponseData.class, request, 3).resultsByTopicV3AndBelow();

        var inOrders = results.find("orders").resultsByPartition();
        assertThat(error(inOrders.find(0).partitionErrorCode())).isEqualTo(Errors.OPERATION_NOT_ATTEMPTED);
        assertThat(error(inOrders.find(9).partitionErrorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(results.find("__transaction_state")
                        .resultsByPartition()
                        .find(0)
                        .partitionErrorCode()))
                .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
        assertThat(described().transactionState()).isEqualTo("Empty");
    }

    @Test
    void brokersAddAndVerifyForManyTransactionsAtOnce() {
        TransactionalClient first = producer(Speaks.VERSION_2);
        TransactionalClient second = new TransactionalClient(broker, client, "other", Speaks.VERSION_2);
        second.init();
        AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
        transactions.add(transaction(ID, first, false));
        transactions.add(transaction("other", second, true));

        var results = client.call(
                        AddPartitionsToTxnResponseData.class,
                        new AddPartitionsToTxnRequestData().setTransactions(transactions),
                        5)
                .resultsByTransaction();

        assertThat(partitionError(results.find(ID))).isEqualTo(Errors.NONE);
        assertThat(partitionError(results.find("other"))).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        assertThat(described().transactionState()).isEqualTo("Ongoing");
    }

    private static AddPartitionsToTxnTransaction transaction(
            String id, TransactionalClient producer, boolean verifyOnly) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName("orders").setPartitions(List.of(1)));
        return new AddPartitionsToTxnTransaction()
                .setTransactionalId(id)
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setVerifyOnly(verifyOnly)
                .setTopics(topics);
    }

    private static Errors partitionError(AddPartitionsToTxnResponseData.AddPartitionsToTxnResult result) {
        return error(result.topicResults()
                .find("orders")
                .resultsByPartition()
                .find(1)
                .partitionErrorCode());
    }
}
