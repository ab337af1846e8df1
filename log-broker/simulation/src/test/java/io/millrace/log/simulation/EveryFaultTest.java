package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.storage.AppendOutcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** One fault at every place where it can hit: no byte and no sync is left out. */
class EveryFaultTest {

    private static final int WRITES = 12;

    /** Appends, rolls, indexes, snapshots and checkpoints all meet the end of the disk at some number of bytes. */
    @Test
    void aDiskThatFillsUpAtAnyByteLosesNothingAndTakesWritesAgain() {
        int refusals = 0;
        for (int room = 0; room < 1500; room += 5) {
            LogFixture fixture = new LogFixture(room, LogFixture.segmentsOf(250));
            List<String> acknowledged = new ArrayList<>();
            append(fixture, "first", acknowledged);
            fixture.disk.limitCapacity(fixture.disk.usedBytes() + room);
            for (int i = 0; i < WRITES; i++) {
                refusals += append(fixture, "v" + i, acknowledged) ? 0 : 1;
            }
            assertThat(fixture.log.isFailed())
                    .as("with room for %d bytes", room)
                    .isFalse();
            assertThat(fixture.readAll()).isEqualTo(acknowledged);

            fixture.disk.clearFaults();
            assertThat(append(fixture, "last", acknowledged)).isTrue();
            fixture.cutPower();

            assertThat(fixture.readAll()).as("with room for %d bytes", room).isEqualTo(acknowledged);
        }
        assertThat(refusals).isPositive();
    }

    private static boolean append(LogFixture fixture, String value, List<String> acknowledged) {
        AppendOutcome outcome = fixture.append(value);
        fixture.commit();
        if (outcome instanceof AppendOutcome.Appended appended) {
            acknowledged.add(appended.baseOffset() + "=" + value);
            return true;
        }
        return false;
    }

    @Test
    void aSyncThatFailsAtAnyCallLosesNothingThatWasAcknowledged() {
        int stopped = 0;
        for (int syncs = 0; syncs < 200; syncs++) {
            BrokerFixture broker = new BrokerFixture(1);
            Uuid topic = created(broker.connect(0), "t", 2, "segment.ms", "1000");
            broker.disk.failSyncsAfter(syncs);
            List<List<String>> acknowledged = List.of(new ArrayList<>(), new ArrayList<>());
            write(broker, topic, acknowledged);
            stopped += broker.stoppedPartitions.isEmpty() ? 0 : 1;
            end(broker, syncs);
            write(broker, topic, acknowledged);
            broker.cutPowerAndRestart();
            check(broker, topic, acknowledged);
        }
        assertThat(stopped).isBetween(20, 199);
    }

    /** Alternates between partitions; every other write finds the segment old enough to roll. */
    private static void write(BrokerFixture broker, Uuid topic, List<List<String>> acknowledged) {
        TestClient client = broker.connect(0);
        for (int i = 0; i < 2 * WRITES; i++) {
            int partition = i % 2;
            String value = "v" + i;
            ProduceResponseData answer = client.call(
                    ProduceResponseData.class, produce(topic, partition, -1, Batches.batch(1_000_000, value)), PRODUCE);
            PartitionProduceResponse result = first(answer);
            if (error(result.errorCode()) == Errors.NONE) {
                acknowledged.get(partition).add(result.baseOffset() + "=" + value);
            }
            broker.pass(400);
        }
    }

    private static void end(BrokerFixture broker, int syncs) {
        broker.disk.clearFaults();
        switch (syncs % 3) {
            case 0 -> broker.restart();
            case 1 -> broker.crashAndRestart();
            default -> broker.cutPowerAndRestart();
        }
        broker.stoppedPartitions.clear();
    }

    private static void check(BrokerFixture broker, Uuid topic, List<List<String>> acknowledged) {
        TestClient client = broker.connect(0);
        assertThat(broker.stoppedPartitions).isEmpty();
        for (int partition = 0; partition < 2; partition++) {
            List<String> found = new ArrayList<>();
            List<String> more;
            do {
                more = Requests.records(
                        client.call(FetchResponseData.class, fetch(topic, found.size(), 0, partition), FETCH));
                found.addAll(more);
            } while (!more.isEmpty());
            assertThat(found).containsAll(acknowledged.get(partition));
        }
    }
}
