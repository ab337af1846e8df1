package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.CREATE_TOPICS;
import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.createTopic;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configs that are altered while a broker runs, or given at its start, are told and obeyed. */
class AlteredConfigsTest {

    private final BrokerFixture broker = new BrokerFixture(2);
    private TestClient client = broker.connect(1);

    private static IncrementalAlterConfigsRequestData setting(
            ConfigResource.Type type, String name, String key, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        resource.configs().add(new AlterableConfig().setName(key).setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        return request;
    }

    private Errors set(ConfigResource.Type type, String name, String key, String value) {
        AlterConfigsResourceResponse answer = client.call(
                        IncrementalAlterConfigsResponseData.class, setting(type, name, key, value), 1)
                .responses()
                .getFirst();
        return error(answer.errorCode());
    }

    private DescribeConfigsResult described(ConfigResource.Type type, String name) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(type.id())
                        .setResourceName(name)
                        .setConfigurationKeys(null)));
        return client.call(DescribeConfigsResponseData.class, request, 4)
                .results()
                .getFirst();
    }

    private DescribeConfigsResourceResult described(ConfigResource.Type type, String name, String key) {
        return described(type, name).configs().stream()
                .filter(config -> config.name().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void levelsOfLoggersAreToldSetAndDeleted() {
        assertThat(described(ConfigResource.Type.BROKER_LOGGER, "1").configs())
                .extracting(each -> each.name() + " " + each.value())
                .containsExactly("io.millrace INFO", "root INFO");

        assertThat(set(ConfigResource.Type.BROKER_LOGGER, "1", "io.millrace", "DEBUG"))
                .isEqualTo(Errors.NONE);
        assertThat(described(ConfigResource.Type.BROKER_LOGGER, "1", "io.millrace")
                        .value())
                .isEqualTo("DEBUG");

        assertThat(alterLogger("1", "io.millrace", AlterConfigOp.OpType.DELETE, null))
                .isEqualTo(Errors.NONE);
        assertThat(described(ConfigResource.Type.BROKER_LOGGER, "1", "io.millrace")
                        .value())
                .isEqualTo("INFO");
    }

    @ParameterizedTest
    @CsvSource({
        "1, no.such.logger, SET, INFO, INVALID_CONFIG",
        "1, io.millrace, SET, LOUD, INVALID_CONFIG",
        "1, io.millrace, APPEND, INFO, INVALID_REQUEST",
        "1, root, DELETE, , INVALID_REQUEST",
        "2, root, SET, WARN, INVALID_REQUEST",
        "'', root, SET, WARN, INVALID_REQUEST",
    })
    void refusesLevelsAsKafkaDoes(
            String broker, String logger, AlterConfigOp.OpType operation, @Nullable String level, Errors error) {
        assertThat(alterLogger(broker, logger, operation, level)).isEqualTo(error);
        assertThat(described(ConfigResource.Type.BROKER_LOGGER, "1", "root").value())
                .isEqualTo("INFO");
    }

    @Test
    void theLoggersOfAnotherBrokerAreNotToldHere() {
        assertThat(error(described(ConfigResource.Type.BROKER_LOGGER, "2").errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    private Errors alterLogger(String broker, String logger, AlterConfigOp.OpType operation, @Nullable String level) {
        AlterConfigsResource resource = new AlterConfigsResource()
                .setResourceType(ConfigResource.Type.BROKER_LOGGER.id())
                .setResourceName(broker);
        resource.configs()
                .add(new AlterableConfig()
                        .setName(logger)
                        .setConfigOperation(operation.id())
                        .setValue(level));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        return error(client.call(IncrementalAlterConfigsResponseData.class, request, 1)
                .responses()
                .getFirst()
                .errorCode());
    }

    @Test
    void aConfigOfOneBrokerComesBeforeThatOfAllAndSurvivesARestart() {
        assertThat(set(ConfigResource.Type.BROKER, "", "log.retention.ms", "7000"))
                .isEqualTo(Errors.NONE);
        assertThat(set(ConfigResource.Type.BROKER, "1", "log.retention.ms", "6000"))
                .isEqualTo(Errors.NONE);
        broker.restart();
        client = broker.connect(0);

        DescribeConfigsResourceResult now = described(ConfigResource.Type.BROKER, "1", "log.retention.ms");

        assertThat(now.value()).isEqualTo("6000");
        assertThat(now.configSource()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG.id());
        assertThat(now.synonyms().get(1).value()).isEqualTo("7000");
        assertThat(described(ConfigResource.Type.BROKER, "", "log.retention.ms").value())
                .isEqualTo("7000");
    }

    @Test
    void aTopicTakesItsDefaultsFromTheBrokerAsItIsNow() {
        Uuid topic = created(client, "t", 1);
        assertThat(set(ConfigResource.Type.BROKER, "1", "message.max.bytes", "500"))
                .isEqualTo(Errors.NONE);

        ProduceResponseData refused = client.call(
                ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1000, "b".repeat(600))), PRODUCE);

        assertThat(error(first(refused).errorCode())).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(described(ConfigResource.Type.TOPIC, "t", "max.message.bytes")
                        .value())
                .isEqualTo("500");
    }

    @Test
    void legacyAlterConfigsUnsetsWhatItDoesNotName() {
        assertThat(set(ConfigResource.Type.BROKER, "1", "log.retention.ms", "6000"))
                .isEqualTo(Errors.NONE);
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("1");
        resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig()
                        .setName("max.connections")
                        .setValue("50"));
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(resource);

        AlterConfigsResponseData answer = client.call(AlterConfigsResponseData.class, request, 2);

        assertThat(error(answer.responses().getFirst().errorCode())).isEqualTo(Errors.NONE);
        assertThat(described(ConfigResource.Type.BROKER, "1", "log.retention.ms")
                        .value())
                .isNull();
        assertThat(described(ConfigResource.Type.BROKER, "1", "max.connections").value())
                .isEqualTo("50");
    }

    @Test
    void aResourceThatIsNamedTwiceIsRefused() {
        IncrementalAlterConfigsRequestData twice = setting(ConfigResource.Type.BROKER, "1", "max.connections", "50");
        twice.resources()
                .add(setting(ConfigResource.Type.BROKER, "1", "max.connections", "60")
                        .resources()
                        .iterator()
                        .next()
                        .duplicate());

        List<AlterConfigsResourceResponse> answers =
                client.call(IncrementalAlterConfigsResponseData.class, twice, 1).responses();

        assertThat(answers)
                .singleElement()
                .satisfies(answer -> assertThat(error(answer.errorCode())).isEqualTo(Errors.INVALID_REQUEST));
    }

    private ConsumerGroupHeartbeatResponseData joined() {
        ConsumerGroupHeartbeatRequestData join = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(List.of("t"))
                .setTopicPartitions(List.of());
        return client.call(ConsumerGroupHeartbeatResponseData.class, join, 1);
    }

    @Test
    void aGroupIsToldTheHeartbeatIntervalThatIsItsOwn() {
        assertThat(created(client, "t", 1)).isNotNull();
        FindCoordinatorRequestData finding = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g"));
        assertThat(client.call(FindCoordinatorResponseData.class, finding, 6).coordinators())
                .hasSize(1);
        assertThat(joined().heartbeatIntervalMs()).isEqualTo(5000);

        assertThat(set(ConfigResource.Type.GROUP, "g", "consumer.heartbeat.interval.ms", "6000"))
                .isEqualTo(Errors.NONE);

        assertThat(joined().heartbeatIntervalMs()).isEqualTo(6000);
        DescribeConfigsResourceResult told =
                described(ConfigResource.Type.GROUP, "g", "consumer.heartbeat.interval.ms");
        assertThat(told.value()).isEqualTo("6000");
        assertThat(told.configSource()).isEqualTo(ConfigSource.GROUP_CONFIG.id());
        assertThat(told.synonyms().get(1).name()).isEqualTo("group.consumer.heartbeat.interval.ms");
    }

    private List<String> listed(int version, ConfigResource.Type... types) {
        ListConfigResourcesRequestData request = new ListConfigResourcesRequestData();
        for (ConfigResource.Type type : types) {
            request.resourceTypes().add(type.id());
        }
        return client.call(ListConfigResourcesResponseData.class, request, version).configResources().stream()
                .map(resource -> ConfigResource.Type.forId(resource.resourceType()) + " " + resource.resourceName())
                .toList();
    }

    @Test
    void whateverHasConfigsIsListed() {
        assertThat(created(client, "t", 1)).isNotNull();
        assertThat(set(ConfigResource.Type.GROUP, "g", "consumer.session.timeout.ms", "50000"))
                .isEqualTo(Errors.NONE);
        assertThat(set(ConfigResource.Type.CLIENT_METRICS, "all", "interval.ms", "5000"))
                .isEqualTo(Errors.NONE);

        assertThat(listed(1)).containsExactly("TOPIC t", "BROKER 1", "CLIENT_METRICS all", "GROUP g");
        assertThat(listed(1, ConfigResource.Type.GROUP)).containsExactly("GROUP g");
        assertThat(listed(0)).containsExactly("CLIENT_METRICS all");
        assertThat(described(ConfigResource.Type.CLIENT_METRICS, "all", "interval.ms")
                        .value())
                .isEqualTo("5000");
    }

    @ParameterizedTest
    @CsvSource({
        "TOPIC, a/b, INVALID_TOPIC_EXCEPTION",
        "TOPIC, none, UNKNOWN_TOPIC_OR_PARTITION",
        "BROKER, 8, INVALID_REQUEST",
        "BROKER, one, INVALID_REQUEST",
        "GROUP, '', INVALID_REQUEST",
        "CLIENT_METRICS, '', INVALID_REQUEST",
        "UNKNOWN, x, INVALID_REQUEST",
    })
    void whatHasNoConfigsIsNotDescribed(ConfigResource.Type type, String name, Errors error) {
        assertThat(error(described(type, name).errorCode())).isEqualTo(error);
    }

    @Test
    void topicsAreNotDeletedWhenThatIsSwitchedOff() {
        BrokerFixture strict = new BrokerFixture(1, Map.of("delete.topic.enable", "false"));
        TestClient admin = strict.connect(0);
        assertThat(created(admin, "t", 1)).isNotNull();
        DeleteTopicsRequestData byName = new DeleteTopicsRequestData().setTopicNames(List.of("t"));

        assertThat(deleted(admin, byName, 3)).isEqualTo(Errors.TOPIC_DELETION_DISABLED);
        assertThat(deleted(admin, byName, 1)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(strict.shard(0).image().topic("t")).isNotNull();
    }

    private static Errors deleted(TestClient client, DeleteTopicsRequestData request, int version) {
        DeleteTopicsResponseData answer = client.call(DeleteTopicsResponseData.class, request, version);
        return error(answer.responses().iterator().next().errorCode());
    }

    @Test
    void aTopicHasTheDefaultNumbersOfPartitionsAndReplicas() {
        BrokerFixture wide = new BrokerFixture(1, Map.of("num.partitions", "3"));
        BrokerFixture safe = new BrokerFixture(1, Map.of("default.replication.factor", "2"));
        CreateTopicsRequestData request = createTopic("t", -1);
        request.topics().find("t").setReplicationFactor((short) -1);

        CreateTopicsResponseData made = wide.connect(0).call(CreateTopicsResponseData.class, request, CREATE_TOPICS);
        CreateTopicsResponseData refused = safe.connect(0).call(CreateTopicsResponseData.class, request, CREATE_TOPICS);

        assertThat(made.topics().find("t").numPartitions()).isEqualTo(3);
        assertThat(error(refused.topics().find("t").errorCode())).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void aPartitionThatIsAssignedTwiceIsRefused() {
        CreateTopicsRequestData request = createTopic("t", -1);
        request.topics().find("t").setReplicationFactor((short) -1);
        for (int i = 0; i < 2; i++) {
            request.topics()
                    .find("t")
                    .assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1)));
        }

        CreateTopicsResponseData answer = client.call(CreateTopicsResponseData.class, request, CREATE_TOPICS);

        assertThat(error(answer.topics().find("t").errorCode())).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void aFetchBringsNoMoreThanTheBrokerAllows() {
        BrokerFixture narrow = new BrokerFixture(1, Map.of("fetch.max.bytes", "1500"));
        TestClient reader = narrow.connect(0);
        Uuid topic = created(reader, "t", 1);
        for (int i = 0; i < 5; i++) {
            ProduceResponseData done = reader.call(
                    ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1000, "b".repeat(600))), PRODUCE);
            assertThat(error(first(done).errorCode())).isEqualTo(Errors.NONE);
        }

        FetchResponseData answer = reader.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH);

        assertThat(records(answer)).hasSize(2);
    }

    @Test
    void aBrokerKeepsNoMoreFetchSessionsThanItHasSlots() {
        BrokerFixture narrow = new BrokerFixture(1, Map.of("max.incremental.fetch.session.cache.slots", "1"));
        TestClient old = narrow.connect(0);
        Uuid topic = created(old, "t", 1);
        FetchRequestData opening = fetch(topic, 0, 0, 0).setSessionEpoch(0);
        int session = old.call(FetchResponseData.class, opening, FETCH).sessionId();

        assertThat(narrow.connect(0)
                        .call(FetchResponseData.class, opening, FETCH)
                        .sessionId())
                .isPositive();

        FetchResponseData later = old.call(
                FetchResponseData.class,
                new FetchRequestData().setSessionId(session).setSessionEpoch(1),
                FETCH);
        assertThat(error(later.errorCode())).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aPageOfPartitionsIsNoLongerThanTheBrokerAllows() {
        BrokerFixture narrow = new BrokerFixture(1, Map.of("max.request.partition.size.limit", "2"));
        TestClient admin = narrow.connect(0);
        assertThat(created(admin, "t", 3)).isNotNull();

        DescribeTopicPartitionsResponseData page =
                admin.call(DescribeTopicPartitionsResponseData.class, new DescribeTopicPartitionsRequestData(), 0);

        assertThat(page.topics().iterator().next().partitions()).hasSize(2);
        assertThat(page.nextCursor().partitionIndex()).isEqualTo(2);
    }
}
