package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.CREATE_TOPICS;
import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.createTopic;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.deleted;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.metadata;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterApiTest {

    private static ListOffsetsPartitionResponse offset(TestClient client, String topic, long timestamp) {
        return offset(client, topic, timestamp, 11);
    }

    private static ListOffsetsPartitionResponse offset(TestClient client, String topic, long timestamp, int version) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(List.of(
                                new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestamp)))));
        return client.call(ListOffsetsResponseData.class, request, version)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    @Test
    void registersTheBrokerBeforeItIsReady() {
        BrokerFixture broker = new BrokerFixture(2);

        assertThat(broker.shard(0).isReady()).isTrue();
        assertThat(broker.shard(1).isReady()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6, 9, 10, 12, 13})
    void offersTheAddressThatTheClientReached(int version) {
        BrokerFixture broker = new BrokerFixture(1);
        MetadataRequestData all = version == 0 ? metadata() : new MetadataRequestData().setTopics(null);

        MetadataResponseData answer = broker.connect(0).call(MetadataResponseData.class, all, version);

        assertThat(answer.brokers()).singleElement().satisfies(found -> {
            assertThat(found.host()).isEqualTo("10.0.0.1");
            assertThat(found.port()).isEqualTo(9092);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void showsANewTopicOnEveryShardBeforeItsCreatorIsAnswered(int shards) {
        BrokerFixture broker = new BrokerFixture(shards);
        Uuid topic = created(broker.connect(shards - 1), "t", 3);

        for (int i = 0; i < shards; i++) {
            MetadataResponseTopic found = broker.connect(i)
                    .call(MetadataResponseData.class, metadata("t"), 13)
                    .topics()
                    .find("t");
            assertThat(found.topicId()).isEqualTo(topic);
            assertThat(found.partitions()).hasSize(3);
        }
    }

    @Test
    void createsOnlyOneOfTwoTopicsOfOneNameAskedForAtOnce() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient a = broker.connect(0);
        TestClient b = broker.connect(1);
        broker.holdProposals();

        long first = a.send(createTopic("t", 1), CREATE_TOPICS);
        long second = b.send(createTopic("t", 2), CREATE_TOPICS);
        assertThat(a.poll(CreateTopicsResponseData.class, first)).isNull();
        broker.releaseProposals();

        assertThat(a.poll(CreateTopicsResponseData.class, first))
                .satisfies(answer ->
                        assertThat(error(answer.topics().find("t").errorCode())).isEqualTo(Errors.NONE));
        assertThat(b.poll(CreateTopicsResponseData.class, second))
                .satisfies(answer -> assertThat(error(answer.topics().find("t").errorCode()))
                        .isEqualTo(Errors.TOPIC_ALREADY_EXISTS));
    }

    @Test
    void saysSoWhenAProposalIsRefusedAndGoesOnWithTheNext() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        broker.holdProposals();
        long refused = client.send(createTopic("t", 1), CREATE_TOPICS);
        long next = client.send(createTopic("u", 1), CREATE_TOPICS);

        broker.refuseProposals();

        assertThat(client.poll(CreateTopicsResponseData.class, refused)).satisfies(answer -> {
            assertThat(error(answer.topics().find("t").errorCode())).isEqualTo(Errors.REQUEST_TIMED_OUT);
            assertThat(answer.topics().find("t").errorMessage()).isEqualTo("no leader");
        });
        assertThat(client.poll(CreateTopicsResponseData.class, next))
                .satisfies(answer ->
                        assertThat(error(answer.topics().find("u").errorCode())).isEqualTo(Errors.NONE));
    }

    @Test
    void findsATopicByItsIdWhetherItsNameIsNullOrEmpty() {
        TestClient client = new BrokerFixture(1).connect(0);
        Uuid id = created(client, "t", 1);
        for (String name : new String[] {null, ""}) {
            MetadataRequestData request = new MetadataRequestData()
                    .setTopics(List.of(
                            new MetadataRequestTopic().setTopicId(id).setName(name),
                            new MetadataRequestTopic()
                                    .setTopicId(new Uuid(1, 1))
                                    .setName(name)));
            var topics = client.call(MetadataResponseData.class, request, 13).topics();
            assertThat(topics)
                    .extracting(MetadataResponseTopic::name, topic -> error(topic.errorCode()))
                    .containsExactly(tuple("t", Errors.NONE), tuple(null, Errors.UNKNOWN_TOPIC_ID));
        }
    }

    @Test
    void createsATopicThatAClientAsksForByName() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(1);

        MetadataResponseTopic made = client.call(MetadataResponseData.class, metadata("auto"), 13)
                .topics()
                .find("auto");
        MetadataResponseTopic notAllowed = client.call(
                        MetadataResponseData.class, metadata("other").setAllowAutoTopicCreation(false), 13)
                .topics()
                .find("other");

        assertThat(error(made.errorCode())).isEqualTo(Errors.NONE);
        assertThat(error(notAllowed.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void listsOffsetsAtTheEndsAndByTime() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        for (int i = 1; i <= 3; i++) {
            client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(i * 100L, "v" + i)), PRODUCE);
        }

        assertThat(offset(client, "t", -2).offset()).isZero();
        assertThat(offset(client, "t", -1).offset()).isEqualTo(3);
        assertThat(offset(client, "t", 150).offset()).isEqualTo(1);
        assertThat(offset(client, "t", -3).offset()).isEqualTo(2);
        assertThat(offset(client, "t", 301).offset()).isEqualTo(-1);
        assertThat(error(offset(client, "none", -1).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void listsOffsetsInEveryVersionAndTheirEpochsWhereTheVersionHasThem(int version) {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(100, "v")), PRODUCE);

        ListOffsetsPartitionResponse found = offset(client, "t", -1, version);

        assertThat(found.offset()).isEqualTo(1);
        assertThat(found.leaderEpoch()).isEqualTo(version < 4 ? -1 : 0);
    }

    @Test
    void deletesATopicWithItsFilesAndKeepsItsSuccessorApart() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(0);
        Uuid old = created(client, "t", 2);
        client.call(ProduceResponseData.class, produce(old, 0, -1, Batches.batch(1, "old")), PRODUCE);

        deleted(client, old);
        assertThat(broker.disk.list("")).noneMatch(name -> name.startsWith("t-"));
        Uuid next = created(client, "t", 2);

        assertThat(records(client.call(FetchResponseData.class, fetch(next, 0, 0, 0), FETCH)))
                .isEmpty();
        ProduceResponseData late =
                client.call(ProduceResponseData.class, produce(old, 0, -1, Batches.batch(1, "x")), PRODUCE);
        assertThat(error(first(late).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void endsWhatWaitsOnATopicThatIsDeletedAndDeletesItAfterTheSync() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        long parked = client.send(fetch(topic, 0, 60_000, 0), FETCH);
        broker.holdSyncs();
        long write = client.send(produce(topic, 0, -1, Batches.batch(1, "a")), PRODUCE);

        deleted(client, topic);

        assertThat(client.poll(ProduceResponseData.class, write))
                .satisfies(answer ->
                        assertThat(error(first(answer).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(client.poll(FetchResponseData.class, parked)).isNotNull();
        assertThat(broker.disk.list("")).contains("t-0");
        broker.releaseSyncs();
        assertThat(broker.disk.list("")).doesNotContain("t-0");
    }

    @Test
    void servesPartitionsThatAreAddedLater() {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics()
                .add(new CreatePartitionsTopic().setName("t").setCount(4).setAssignments(null));

        client.call(CreatePartitionsResponseData.class, request, 3);
        client.call(ProduceResponseData.class, produce(topic, 3, -1, Batches.batch(1, "a")), PRODUCE);

        assertThat(records(client.call(FetchResponseData.class, fetch(topic, 0, 0, 0, 1, 2, 3), FETCH)))
                .containsExactly("0=a");
    }

    @Test
    void refusesATopicThatIsToGrowTwiceInOneRequest() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        created(client, "t", 1);
        created(client, "other", 1);
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        for (String topic : List.of("t", "other", "t")) {
            request.topics()
                    .add(new CreatePartitionsTopic()
                            .setName(topic)
                            .setCount(4 + request.topics().size())
                            .setAssignments(null));
        }

        CreatePartitionsResponseData answer = client.call(CreatePartitionsResponseData.class, request, 3);

        assertThat(answer.results())
                .extracting(each -> each.name() + " " + Errors.forCode(each.errorCode()))
                .containsExactlyInAnyOrder("t INVALID_REQUEST", "other NONE");
        assertThat(partitions(client, "t")).isEqualTo(1);
        assertThat(partitions(client, "other")).isEqualTo(5);
    }

    private static int partitions(TestClient client, String topic) {
        MetadataRequestData request =
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(topic)));
        return client.call(MetadataResponseData.class, request, 9)
                .topics()
                .find(topic)
                .partitions()
                .size();
    }

    @Test
    void moreInSyncReplicasThanThereAreReplicasAreNotAskedFor() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1, "min.insync.replicas", "3");

        ProduceResponseData answer =
                client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1, "a")), PRODUCE);

        assertThat(answer.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .getFirst()
                        .errorCode())
                .isEqualTo(Errors.NONE.code());
    }

    @Test
    void deletesRecordsUpToAnOffset() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1, "a", "b", "c")), PRODUCE);
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName("t")
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(2)))));

        DeleteRecordsResponseData answer = client.call(DeleteRecordsResponseData.class, request, 2);

        assertThat(answer.topics().find("t").partitions().find(0).lowWatermark())
                .isEqualTo(2);
        assertThat(offset(client, "t", -2).offset()).isEqualTo(2);
    }

    @Test
    void describesTopicsPageByPage() {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        created(client, "a", 3);
        created(client, "b", 2);
        DescribeTopicPartitionsRequestData request =
                new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(2);

        int pages = 0;
        int partitions = 0;
        DescribeTopicPartitionsResponseData page;
        do {
            page = client.call(DescribeTopicPartitionsResponseData.class, request, 0);
            partitions += page.topics().stream()
                    .mapToInt(topic -> topic.partitions().size())
                    .sum();
            pages++;
            if (page.nextCursor() != null) {
                request.setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                        .setTopicName(page.nextCursor().topicName())
                        .setPartitionIndex(page.nextCursor().partitionIndex()));
            }
        } while (page.nextCursor() != null);

        assertThat(pages).isEqualTo(3);
        assertThat(partitions).isEqualTo(5);
    }
}
