package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchSessionTest {

    private final BrokerFixture broker = new BrokerFixture(2);
    private final TestClient client = broker.connect(0);
    private Uuid topic = Uuid.ZERO_UUID;
    private int session;

    @BeforeEach
    void openSession() {
        topic = created(client, "t", 3);
        FetchResponseData opened = call(fetch(topic, 0, 0, 0, 1, 2).setSessionEpoch(0));
        assertThat(partitions(opened)).containsExactly(0, 1, 2);
        session = opened.sessionId();
        assertThat(session).isPositive();
    }

    private FetchResponseData call(FetchRequestData request) {
        return client.call(FetchResponseData.class, request, FETCH);
    }

    private FetchRequestData next(int epoch) {
        return fetch(topic, 0, 0).setSessionId(session).setSessionEpoch(epoch).setTopics(List.of());
    }

    private void write(int partition) {
        client.call(ProduceResponseData.class, produce(topic, partition, -1, Batches.batch(1, "a")), PRODUCE);
    }

    private static List<Integer> partitions(FetchResponseData answer) {
        return answer.responses().stream()
                .flatMap(found -> found.partitions().stream())
                .map(PartitionData::partitionIndex)
                .toList();
    }

    @Test
    void answersOnlyPartitionsWithNews() {
        assertThat(partitions(call(next(1)))).isEmpty();
        write(1);

        assertThat(partitions(call(next(2)))).containsExactly(1);
    }

    @Test
    void takesOverChangedPositions() {
        write(1);

        assertThat(partitions(call(next(1)))).containsExactly(1);
        assertThat(partitions(call(fetch(topic, 1, 0, 1).setSessionId(session).setSessionEpoch(2))))
                .isEmpty();
    }

    @Test
    void forgetsPartitionsOnRequest() {
        ForgottenTopic forgotten = new ForgottenTopic().setTopicId(topic).setPartitions(List.of(1));
        call(next(1).setForgottenTopicsData(List.of(forgotten)));
        write(1);
        write(2);

        assertThat(partitions(call(next(2)))).containsExactly(2);
    }

    @Test
    void wakesAParkedFetchOfASession() {
        long parked = client.send(next(1).setMaxWaitMs(60_000), FETCH);
        write(2);

        assertThat(client.poll(FetchResponseData.class, parked))
                .satisfies(answer -> assertThat(partitions(answer)).containsExactly(2));
    }

    @Test
    void refusesAnEpochOutOfTurn() {
        assertThat(error(call(next(5)).errorCode())).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(error(call(next(1)).errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void knowsNoSessionOfAnotherConnection() {
        FetchResponseData answer = broker.connect(0).call(FetchResponseData.class, next(1), FETCH);

        assertThat(error(answer.errorCode())).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void endsASessionOnRequest() {
        call(fetch(topic, 0, 0, 0).setSessionId(session).setSessionEpoch(-1));

        assertThat(error(call(next(1)).errorCode())).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void tellsOfATopicThatWasDeletedMeanwhile() {
        Requests.deleted(client, topic);

        FetchResponseData answer = call(next(1));

        assertThat(answer.responses().getFirst().partitions())
                .allSatisfy(found -> assertThat(error(found.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_ID));
    }
}
