package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer with up to five batches in flight, as Kafka's own: what was not answered, or answered with an
 * error, is sent again, in order and under the same sequence numbers, until it is acknowledged.
 */
final class SimProducer {

    private static final int IN_FLIGHT_MAX = 5;

    private record Batch(int sequence, List<String> values) {}

    private record Sent(Batch batch, long request) {}

    private final long id;
    private final Uuid topic;
    private final int partition;
    private final List<String> acknowledged = new ArrayList<>();
    private final Deque<Batch> unsent = new ArrayDeque<>();
    private final Deque<Sent> inFlight = new ArrayDeque<>();
    private @Nullable TestClient client;
    private int nextSequence;

    SimProducer(long id, Uuid topic, int partition) {
        this.id = id;
        this.topic = topic;
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    /** Every acknowledged record as "offset=value". */
    List<String> acknowledged() {
        return acknowledged;
    }

    boolean isOwn(String record) {
        return record.contains("=producer-" + id + "-");
    }

    boolean isDone() {
        return unsent.isEmpty() && inFlight.isEmpty();
    }

    /** The broker came back: whatever was on its way is sent again, over a new connection. */
    void connect(TestClient connected) {
        client = connected;
        retryAll();
    }

    private void retryAll() {
        while (!inFlight.isEmpty()) {
            unsent.addFirst(inFlight.removeLast().batch());
        }
    }

    void enqueue(int records) {
        List<String> values = new ArrayList<>(records);
        for (int i = 0; i < records; i++) {
            values.add("producer-" + id + "-" + (nextSequence + i));
        }
        unsent.add(new Batch(nextSequence, values));
        nextSequence += records;
    }

    void send() {
        TestClient connected = client;
        while (connected != null && !unsent.isEmpty() && inFlight.size() < IN_FLIGHT_MAX) {
            Batch batch = unsent.remove();
            long request = connected.send(
                    Requests.produce(
                            topic,
                            partition,
                            -1,
                            Batches.idempotent(
                                    id, 0, batch.sequence(), batch.values().toArray(String[]::new))),
                    Requests.PRODUCE);
            inFlight.add(new Sent(batch, request));
        }
    }

    void receive() {
        TestClient connected = client;
        while (connected != null && !inFlight.isEmpty()) {
            ProduceResponseData answer = connected.poll(
                    ProduceResponseData.class, inFlight.getFirst().request());
            if (answer == null) {
                return;
            }
            PartitionProduceResponse result = Requests.first(answer);
            if (Requests.error(result.errorCode()) != Errors.NONE) {
                failed(connected, Requests.error(result.errorCode()));
                return;
            }
            Batch batch = inFlight.removeFirst().batch();
            for (int i = 0; i < batch.values().size(); i++) {
                acknowledged.add(result.baseOffset() + i + "=" + batch.values().get(i));
            }
        }
    }

    /** Those behind a failed batch fail as well, each with an answer, and are sent again behind it. */
    private void failed(TestClient connected, Errors error) {
        assertThat(error).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        for (Sent sent : List.copyOf(inFlight).subList(1, inFlight.size())) {
            ProduceResponseData answer = connected.poll(ProduceResponseData.class, sent.request());
            if (answer != null) {
                assertThat(Requests.error(Requests.first(answer).errorCode()))
                        .isIn(Errors.KAFKA_STORAGE_ERROR, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
        }
        retryAll();
    }
}
