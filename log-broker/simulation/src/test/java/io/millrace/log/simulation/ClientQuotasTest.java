package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.CREATE_TOPICS;
import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.createTopic;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.metadata;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take more than their quota are told to hold still, and are not read from. */
class ClientQuotasTest {

    /** Connected to the shard that does not have every meter. */
    private static final int SHARDS = 2;

    private final BrokerFixture broker = new BrokerFixture(SHARDS);
    private final TestClient client = broker.connect(1);
    private final Uuid topic = created(client, "t", 1);

    private static AlterClientQuotasRequestData quota(String key, double value) {
        AlterClientQuotasRequestData.EntryData entry = new AlterClientQuotasRequestData.EntryData()
                .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                        .setEntityType("client-id")
                        .setEntityName("test")))
                .setOps(List.of(
                        new AlterClientQuotasRequestData.OpData().setKey(key).setValue(value)));
        return new AlterClientQuotasRequestData().setEntries(List.of(entry));
    }

    private void limit(String key, double value) {
        AlterClientQuotasResponseData answer = client.call(AlterClientQuotasResponseData.class, quota(key, value), 1);
        assertThat(error(answer.entries().getFirst().errorCode())).isEqualTo(Errors.NONE);
    }

    private int produced(String... values) {
        return client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1000, values)), PRODUCE)
                .throttleTimeMs();
    }

    private FetchResponseData fetched() {
        return client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH);
    }

    private void isMutedFor(int millis) {
        assertThat(broker.mutedMillis).containsOnlyKeys(client.connection());
        assertThat(broker.mutedMillis.get(client.connection())).isEqualTo(millis);
    }

    @Test
    void aProducerAboveItsBytesIsToldToHoldStillAndIsNotReadFrom() {
        limit("producer_byte_rate", 100);

        assertThat(produced("a")).isZero();
        int throttle = produced("b".repeat(2000));

        // About 2200 bytes in 10 seconds, at 100 a second.
        assertThat(throttle).isBetween(11_000, 14_000);
        isMutedFor(throttle);
    }

    @Test
    void whatWasProducedInExcessIsKeptAllTheSame() {
        limit("producer_byte_rate", 100);

        assertThat(produced("b".repeat(2000))).isPositive();

        assertThat(records(fetched())).hasSize(1);
    }

    @Test
    void aProducerThatHeldStillIsNotHeldBackAgain() {
        limit("producer_byte_rate", 100);
        int throttle = produced("b".repeat(2000));

        broker.pass(throttle + 2000);

        assertThat(produced("c")).isZero();
    }

    @Test
    void anErrorOfAProducerIsThrottledAsWell() {
        limit("producer_byte_rate", 100);

        ProduceResponseData answer = client.call(
                ProduceResponseData.class,
                produce(Uuid.randomUuid(), 0, -1, Batches.batch(1000, "b".repeat(2000))),
                PRODUCE);

        assertThat(answer.throttleTimeMs()).isPositive();
    }

    @Test
    void aConsumerAboveItsBytesGetsNoRecordsAndTheTimeToHoldStill() {
        assertThat(produced("b".repeat(600))).isZero();
        limit("consumer_byte_rate", 100);

        assertThat(records(fetched())).hasSize(1);
        FetchResponseData second = fetched();

        assertThat(second.responses()).isEmpty();
        assertThat(second.throttleTimeMs()).isPositive();
        isMutedFor(second.throttleTimeMs());
    }

    @Test
    void aConsumerThatHeldStillGetsItsRecords() {
        assertThat(produced("b".repeat(600))).isZero();
        limit("consumer_byte_rate", 100);
        assertThat(records(fetched())).hasSize(1);

        assertThat(fetched().throttleTimeMs()).isPositive();

        // What was fetched first leaves the windows.
        broker.pass(11_000);

        assertThat(records(fetched())).hasSize(1);
    }

    @Test
    void aFetchIsNoLargerThanWhatAQuotaLetsThrough() {
        for (int i = 0; i < 20; i++) {
            assertThat(produced("b".repeat(600))).isZero();
        }
        limit("consumer_byte_rate", 200);

        FetchResponseData first = fetched();

        assertThat(first.throttleTimeMs()).isZero();
        assertThat(records(first)).hasSizeBetween(1, 4);
    }

    @Test
    void aClientThatTakesTooMuchOfTheBrokersTimeIsHeldBackForAWindowAtMost() {
        limit("request_percentage", 1);
        broker.stepped(1, client.connection(), 2_000_000_000L);

        MetadataResponseData answer = client.call(MetadataResponseData.class, metadata("t"), 13);

        // Two seconds are 20 percent of the windows; the longest pause is one window of a second.
        assertThat(answer.throttleTimeMs()).isEqualTo(1000);
        isMutedFor(1000);
    }

    @Test
    void changesBeyondTheQuotaAreRefusedUntilTheyArePaidFor() {
        limit("controller_mutation_rate", 1);

        CreateTopicsResponseData burst =
                client.call(CreateTopicsResponseData.class, createTopic("big", 20), CREATE_TOPICS);
        CreateTopicsResponseData refused =
                client.call(CreateTopicsResponseData.class, createTopic("more", 1), CREATE_TOPICS);

        assertThat(error(burst.topics().find("big").errorCode())).isEqualTo(Errors.NONE);
        assertThat(burst.throttleTimeMs()).isBetween(8000, 9000);
        assertThat(error(refused.topics().find("more").errorCode())).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        isMutedFor(refused.throttleTimeMs());

        broker.pass(refused.throttleTimeMs());
        assertThat(created(client, "more", 1)).isNotNull();
    }

    @Test
    void changesOfClientsThatDoNotKnowTheErrorAreOnlySlowedDown() {
        limit("controller_mutation_rate", 1);
        assertThat(created(client, "big", 20)).isNotNull();

        CreateTopicsResponseData old = client.call(CreateTopicsResponseData.class, createTopic("more", 1), 5);

        assertThat(error(old.topics().find("more").errorCode())).isEqualTo(Errors.NONE);
        assertThat(old.throttleTimeMs()).isBetween(9000, 10_000);
    }

    @Test
    void deletingCountsAsAChange() {
        Uuid big = created(client, "big", 20);
        limit("controller_mutation_rate", 1);
        DeleteTopicsRequestData request =
                new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setTopicId(big)));

        DeleteTopicsResponseData answer = client.call(DeleteTopicsResponseData.class, request, 6);

        assertThat(answer.throttleTimeMs()).isBetween(8000, 9000);
    }

    @Test
    void clientsOfAnotherNameAreNotHeldBack() {
        limit("producer_byte_rate", 100);
        limit("request_percentage", 1);
        AlterClientQuotasRequestData other = quota("producer_byte_rate", 0);
        other.entries().getFirst().ops().getFirst().setRemove(true);
        client.call(AlterClientQuotasResponseData.class, other, 1);

        assertThat(produced("b".repeat(2000))).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void quotasAreToldAndSurviveARestart(int version) {
        limit("producer_byte_rate", 100);
        broker.restart();
        ComponentData anyClient = new ComponentData()
                .setEntityType("client-id")
                .setMatchType((byte) 2)
                .setMatch(null);

        DescribeClientQuotasResponseData answer = broker.connect(0)
                .call(
                        DescribeClientQuotasResponseData.class,
                        new DescribeClientQuotasRequestData().setComponents(List.of(anyClient)),
                        version);

        assertThat(answer.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.entity().getFirst().entityName()).isEqualTo("test");
            assertThat(entry.values().getFirst().key()).isEqualTo("producer_byte_rate");
            assertThat(entry.values().getFirst().value()).isEqualTo(100);
        });
    }

    @Test
    void aFilterThatMakesNoSenseIsRefused() {
        ComponentData exactWithoutName =
                new ComponentData().setEntityType("user").setMatchType((byte) 0).setMatch(null);
        ComponentData unknownType = new ComponentData()
                .setEntityType("planet")
                .setMatchType((byte) 2)
                .setMatch(null);

        assertThat(described(exactWithoutName)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(described(unknownType)).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    private Errors described(ComponentData component) {
        DescribeClientQuotasRequestData request =
                new DescribeClientQuotasRequestData().setComponents(List.of(component));
        return error(
                client.call(DescribeClientQuotasResponseData.class, request, 1).errorCode());
    }
}
