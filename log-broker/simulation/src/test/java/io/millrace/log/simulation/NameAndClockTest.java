package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.deleted;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are used again, and clocks that are set: neither brings back nor loses a record. */
class NameAndClockTest {

    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final BrokerFixture broker = new BrokerFixture(2);
    private TestClient client = broker.connect(1);

    private Errors written(Uuid topic, String value) {
        ProduceResponseData answer =
                client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1_000_000, value)), PRODUCE);
        return error(first(answer).errorCode());
    }

    private FetchResponseData fetched(Uuid topic) {
        return client.call(FetchResponseData.class, fetch(topic, 0, 0, 0), FETCH);
    }

    private Errors refusal(Uuid topic) {
        return error(
                fetched(topic).responses().getFirst().partitions().getFirst().errorCode());
    }

    /** Anomaly A38. */
    @ParameterizedTest
    @ValueSource(strings = {"goes on", "is restarted", "crashes", "loses power"})
    void a38ATopicOfTheSameNameHasNoneOfTheOldRecordsWhenTheBroker(String end) {
        Uuid old = created(client, "t", 1);
        assertThat(written(old, "old")).isEqualTo(Errors.NONE);
        deleted(client, old);
        Uuid fresh = created(client, "t", 1);
        assertThat(written(fresh, "new")).isEqualTo(Errors.NONE);

        switch (end) {
            case "is restarted" -> broker.restart();
            case "crashes" -> broker.crashAndRestart();
            case "loses power" -> broker.cutPowerAndRestart();
            default -> broker.pass(1);
        }
        client = broker.connect(1);

        assertThat(fresh).isNotEqualTo(old);
        assertThat(records(fetched(fresh))).containsExactly("0=new");
        assertThat(refusal(old)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(written(old, "late")).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(records(fetched(fresh))).containsExactly("0=new");
    }

    /** Anomaly A39. */
    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void a39AClockThatIsSetByADayDeletesNothingAndStopsNothing(long days) {
        broker.pass(2 * DAY_MS);
        Uuid topic = created(client, "t", 1);
        assertThat(written(topic, "before")).isEqualTo(Errors.NONE);

        broker.restartWithClockMoved(days * DAY_MS);
        client = broker.connect(1);
        broker.pass(600_000);

        assertThat(written(topic, "after")).isEqualTo(Errors.NONE);
        assertThat(records(fetched(topic))).containsExactly("0=before", "1=after");
    }

    /** Anomaly A39: what is deleted too late is better than what is deleted too early. */
    @Test
    void a39AClockThatWasADayAheadKeepsRecordsNoShorterThanTheyShould() {
        Uuid topic = created(client, "t", 1, "retention.ms", Long.toString(2 * DAY_MS), "segment.ms", "1000");
        assertThat(written(topic, "first")).isEqualTo(Errors.NONE);
        broker.pass(2000);
        assertThat(written(topic, "second")).isEqualTo(Errors.NONE);

        broker.restartWithClockMoved(DAY_MS);
        client = broker.connect(1);
        broker.pass(600_000);

        // The next segment is for the next fetch.
        assertThat(records(fetched(topic))).containsExactly("0=first");
    }
}
