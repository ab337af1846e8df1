package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RestartTest {

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of(ending("clean stop", BrokerFixture::restart)),
                Arguments.of(ending("crash", BrokerFixture::crashAndRestart)),
                Arguments.of(ending("power cut", BrokerFixture::cutPowerAndRestart)));
    }

    private static Named<Consumer<BrokerFixture>> ending(String name, Consumer<BrokerFixture> end) {
        return Named.of(name, end);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void keepsTopicsAndEveryAcknowledgedRecord(Consumer<BrokerFixture> end) {
        BrokerFixture broker = new BrokerFixture(2);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 3);
        for (int partition = 0; partition < 3; partition++) {
            client.call(
                    ProduceResponseData.class,
                    produce(topic, partition, -1, Batches.batch(1, "p" + partition)),
                    PRODUCE);
        }

        end.accept(broker);

        TestClient again = broker.connect(1);
        assertThat(records(again.call(FetchResponseData.class, fetch(topic, 0, 0, 0, 1, 2), FETCH)))
                .containsExactly("0=p0", "0=p1", "0=p2");
        ProduceResponseData next =
                again.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.batch(1, "next")), PRODUCE);
        assertThat(first(next).baseOffset()).isEqualTo(1);
        assertThat(broker.stoppedPartitions).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void remembersIdempotentProducers(Consumer<BrokerFixture> end) {
        BrokerFixture broker = new BrokerFixture(1);
        TestClient client = broker.connect(0);
        Uuid topic = created(client, "t", 1);
        client.call(ProduceResponseData.class, produce(topic, 0, -1, Batches.idempotent(7, 0, 0, "a")), PRODUCE);

        end.accept(broker);
        ProduceResponseData again = broker.connect(0)
                .call(ProduceResponseData.class, produce(topic, 0, -1, Batches.idempotent(7, 0, 0, "a")), PRODUCE);

        assertThat(first(again).baseOffset()).isZero();
    }
}
