package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.part;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.LogFlush;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceFetchTest {

    private static final int ALL = -1;
    private static final int LEADER = 1;
    private static final int NONE = 0;

    private static Errors firstError(FetchResponseData answer) {
        return error(answer.responses().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void answersAcksAllOnlyOnceTheBatchIsSynced() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        broker.holdSyncs();

        long request = client.send(produce(topic, 0, ALL, Batches.batch(1, "a", "b")), PRODUCE);
        assertThat(client.poll(ProduceResponseData.class, request)).isNull();
        broker.releaseSyncs();

        assertThat(client.poll(ProduceResponseData.class, request))
                .satisfies(answer -> assertThat(first(answer).baseOffset()).isZero());
    }

    @Test
    void answersAcksOneBeforeTheSyncButShowsTheRecordsOnlyAfterIt() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        broker.holdSyncs();

        ProduceResponseData answer =
                client.call(ProduceResponseData.class, produce(topic, 0, LEADER, Batches.batch(1, "a")), PRODUCE);
        FetchResponseData early = client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH);
        broker.releaseSyncs();
        FetchResponseData late = client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH);

        assertThat(error(first(answer).errorCode())).isEqualTo(Errors.NONE);
        assertThat(records(early)).isEmpty();
        assertThat(records(late)).containsExactly("0=a");
    }

    @Test
    void finishesAcksNoneWithoutAnAnswer() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);

        long request = client.send(produce(topic, 0, NONE, Batches.batch(1, "a")), PRODUCE);

        assertThat(broker.finished).contains(request);
        assertThat(broker.replies).isEmpty();
        assertThat(records(client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH)))
                .containsExactly("0=a");
    }

    @Test
    void endsTheConnectionWhenAWriteWithAcksNoneFails() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);

        long request = client.send(produce(new Uuid(5, 5), 0, NONE, Batches.batch(1, "a")), PRODUCE);

        assertThat(broker.closedConnections).hasSize(1);
        assertThat(broker.finished).contains(request);
    }

    @Test
    void acknowledgesAtOnceWhenTheTopicFlushesByTheOperatingSystem() {
        BrokerFixture broker = new BrokerFixture(1, LogFlush.OS);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        broker.holdSyncs();

        client.call(ProduceResponseData.class, produce(topic, 0, ALL, Batches.batch(1, "a")), PRODUCE);

        assertThat(records(client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH)))
                .containsExactly("0=a");
    }

    @Test
    void answersManyWaitingWritesWithOneSync() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        broker.holdSyncs();
        client.send(produce(topic, 0, ALL, Batches.batch(1, "first")), PRODUCE);
        long before = broker.disk.syncs();

        List<Long> waiting = List.of(
                client.send(produce(topic, 0, ALL, Batches.batch(1, "b")), PRODUCE),
                client.send(produce(topic, 0, ALL, Batches.batch(1, "c")), PRODUCE),
                client.send(produce(topic, 0, ALL, Batches.batch(1, "d")), PRODUCE));
        broker.releaseSyncs();

        assertThat(broker.disk.syncs() - before).isEqualTo(2);
        assertThat(waiting)
                .allSatisfy(request -> assertThat(client.poll(ProduceResponseData.class, request))
                        .isNotNull());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void wakesAParkedFetchWhenTheSyncIsDoneAndNotBefore(int shards) {
        BrokerFixture broker = new BrokerFixture(shards);
        TestClient consumer = broker.connect(0);
        TestClient producer = broker.connect(shards - 1);
        Uuid topic = created(consumer, "t", 4);
        broker.holdSyncs();

        long parked = consumer.send(fetch(topic, 0, 60_000, 0, 1, 2, 3), FETCH);
        long write = producer.send(produce(topic, 2, ALL, Batches.batch(1, "a")), PRODUCE);
        broker.pass(1);
        assertThat(consumer.poll(FetchResponseData.class, parked)).isNull();
        assertThat(producer.poll(ProduceResponseData.class, write)).isNull();
        broker.releaseSyncs();

        assertThat(consumer.poll(FetchResponseData.class, parked))
                .satisfies(answer -> assertThat(records(answer)).containsExactly("0=a"));
        assertThat(producer.poll(ProduceResponseData.class, write)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void answersAParkedFetchEmptyAtItsDeadline(int shards) {
        BrokerFixture broker = new BrokerFixture(shards);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 2);

        long parked = client.send(fetch(topic, 0, 500, 0, 1), FETCH);
        broker.pass(499);
        assertThat(client.poll(FetchResponseData.class, parked)).isNull();
        broker.pass(1);

        assertThat(client.poll(FetchResponseData.class, parked))
                .satisfies(answer -> assertThat(records(answer)).isEmpty());
    }

    @Test
    void waitsForMinBytesOverAllPartitions() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 2);
        int batchBytes = Batches.batch(1, "a").remaining();

        long parked = client.send(fetch(topic, 0, 500, 0, 1).setMinBytes(2 * batchBytes), FETCH);
        client.call(ProduceResponseData.class, produce(topic, 0, ALL, Batches.batch(1, "a")), PRODUCE);
        assertThat(client.poll(FetchResponseData.class, parked)).isNull();
        client.call(ProduceResponseData.class, produce(topic, 1, ALL, Batches.batch(1, "b")), PRODUCE);

        assertThat(client.poll(FetchResponseData.class, parked))
                .satisfies(answer -> assertThat(records(answer)).containsExactly("0=a", "0=b"));
    }

    @Test
    void letsAParkedFetchGoWhenItsClientDisconnects() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 2);

        long parked = client.send(fetch(topic, 0, 500, 0, 1), FETCH);
        client.disconnect();

        assertThat(broker.replies).containsKey(parked);
    }

    @Test
    void sendsTheFirstBatchEvenIfItIsLargerThanAsked() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 2);
        for (int partition = 0; partition < 2; partition++) {
            client.call(ProduceResponseData.class, produce(topic, partition, ALL, Batches.batch(1, "a")), PRODUCE);
        }

        FetchResponseData answer =
                client.call(FetchResponseData.class, fetch(topic, 0, 0, 0, 1).setMaxBytes(1), FETCH);

        assertThat(records(answer)).containsExactly("0=a");
    }

    @Test
    void leavesNoRegionOpenWhenItSendsLessThanItRead() {
        BrokerFixture broker = new BrokerFixture(3);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 6);
        for (int partition = 0; partition < 6; partition++) {
            client.call(ProduceResponseData.class, produce(topic, partition, ALL, Batches.batch(1, "a")), PRODUCE);
        }

        client.call(
                FetchResponseData.class, fetch(topic, 0, 0, 0, 1, 2, 3, 4, 5).setMaxBytes(1), FETCH);
        client.call(
                FetchResponseData.class, fetch(topic, 0, 0, 0, 1, 2, 3, 4, 5).setMinBytes(1 << 20), FETCH);

        assertThat(broker.disk.openRegions()).isZero();
    }

    @Test
    void answersOffsetsBeyondTheEndAsOutOfRange() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);

        FetchResponseData answer = client.call(FetchResponseData.class, fetch(topic, 9, 60_000, 0), FETCH);

        assertThat(firstError(answer)).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void answersAnUnknownTopicIdAtOnce() {
        BrokerFixture broker = new BrokerFixture(1);

        FetchResponseData answer =
                broker.connect(0).call(FetchResponseData.class, fetch(new Uuid(3, 3), 0, 60_000, 0), FETCH);

        assertThat(firstError(answer)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 11, 12, 18})
    void fencesAFetchOfAnotherLeaderEpoch(int version) {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        var request = fetch(topic, 0, 0, 0);
        request.topics().getFirst().setTopic("t");
        request.topics().getFirst().partitions().getFirst().setCurrentLeaderEpoch(5);

        FetchResponseData answer = client.call(FetchResponseData.class, request, version);

        assertThat(firstError(answer)).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void storesARepeatedBatchOfAnIdempotentProducerOnce() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        long producer = client.call(
                        InitProducerIdResponseData.class, new InitProducerIdRequestData().setTransactionalId(null), 5)
                .producerId();

        long[] offsets = new long[3];
        for (int i = 0; i < 3; i++) {
            int sequence = i == 2 ? 1 : 0;
            offsets[i] = first(client.call(
                            ProduceResponseData.class,
                            produce(topic, 0, ALL, Batches.idempotent(producer, 0, sequence, "v" + sequence)),
                            PRODUCE))
                    .baseOffset();
        }

        assertThat(offsets).containsExactly(0, 0, 1);
        assertThat(records(client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH)))
                .containsExactly("0=v0", "1=v1");
    }

    @Test
    void answersADuplicateNotBeforeItsOriginalIsSynced() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        broker.holdSyncs();

        client.send(produce(topic, 0, ALL, Batches.idempotent(1, 0, 0, "a")), PRODUCE);
        long again = client.send(produce(topic, 0, ALL, Batches.idempotent(1, 0, 0, "a")), PRODUCE);
        assertThat(client.poll(ProduceResponseData.class, again)).isNull();
        broker.releaseSyncs();

        assertThat(client.poll(ProduceResponseData.class, again)).isNotNull();
    }

    @Test
    void neverGivesAProducerIdTwice() {
        BrokerFixture broker = new BrokerFixture(3);
        InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId(null);

        List<Long> ids = IntStream.range(0, 30)
                .mapToObj(i -> broker.connect(i % 3)
                        .call(InitProducerIdResponseData.class, request, 5)
                        .producerId())
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void failsWaitingWritesAndAllLaterOnesWhenASyncFails() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        broker.holdSyncs();
        long waiting = client.send(produce(topic, 0, ALL, Batches.batch(1, "a")), PRODUCE);
        long queued = client.send(produce(topic, 0, ALL, Batches.batch(1, "b")), PRODUCE);

        broker.failSyncs();
        ProduceResponseData later =
                client.call(ProduceResponseData.class, produce(topic, 0, ALL, Batches.batch(1, "c")), PRODUCE);

        for (long request : List.of(waiting, queued)) {
            assertThat(client.poll(ProduceResponseData.class, request))
                    .satisfies(answer ->
                            assertThat(error(first(answer).errorCode())).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
        }
        assertThat(error(first(later).errorCode())).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(broker.stoppedPartitions).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void splitsAWriteToManyPartitionsAndGathersTheAnswersInOrder(int shards) {
        BrokerFixture broker = new BrokerFixture(shards);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 5);
        ProduceRequestData request = produce(topic, 0, ALL, Batches.batch(1, "p0"));
        for (int partition = 1; partition < 5; partition++) {
            request.topicData()
                    .iterator()
                    .next()
                    .partitionData()
                    .add(part(partition, Batches.batch(1, "p" + partition)));
        }

        ProduceResponseData answer = client.call(ProduceResponseData.class, request, PRODUCE);

        List<Integer> indexes = answer.responses().iterator().next().partitionResponses().stream()
                .map(ProduceResponseData.PartitionProduceResponse::index)
                .toList();
        assertThat(indexes).containsExactly(0, 1, 2, 3, 4);
        FetchResponseData fetched = client.call(FetchResponseData.class, fetch(topic, 0, 0, 4, 3, 2, 1, 0), FETCH);
        assertThat(fetched.responses().getFirst().partitions())
                .extracting(PartitionData::partitionIndex)
                .containsExactly(4, 3, 2, 1, 0);
        assertThat(records(fetched)).containsExactly("0=p4", "0=p3", "0=p2", "0=p1", "0=p0");
    }

    @Test
    void servesFetchesByNameInOldVersions() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        ProduceRequestData request = produce(topic, 0, ALL, Batches.batch(1, "a"));
        request.topicData().iterator().next().setName("t");
        client.call(ProduceResponseData.class, request, 3);
        var fetch = fetch(topic, 0, 0, 0).setSessionEpoch(0);
        fetch.topics().getFirst().setTopic("t");

        for (int version : List.of(4, 11, 12)) {
            fetch.setSessionEpoch(version < 7 ? -1 : 0);
            assertThat(records(client.call(FetchResponseData.class, fetch, version)))
                    .as("version %d", version)
                    .containsExactly("0=a");
        }
    }
}
