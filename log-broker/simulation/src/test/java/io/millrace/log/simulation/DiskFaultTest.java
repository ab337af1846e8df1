package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.produce;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients and the operator of a broker see of a disk that fails. */
class DiskFaultTest {

    private static final String FILE = "00000000000000000000.log";

    private final BrokerFixture broker = new BrokerFixture(1);
    private TestClient client = broker.connect(0);
    private Uuid topic = Uuid.ZERO_UUID;

    @BeforeEach
    void twoPartitionsWithARecordEach() {
        topic = created(client, "t", 2);
        assertThat(write(0, "a")).isEqualTo(Errors.NONE);
        assertThat(write(1, "b")).isEqualTo(Errors.NONE);
    }

    private Errors write(int partition, String value) {
        ProduceResponseData answer =
                client.call(ProduceResponseData.class, produce(topic, partition, -1, Batches.batch(1, value)), PRODUCE);
        return error(first(answer).errorCode());
    }

    private FetchResponseData read(int partition) {
        return client.call(FetchResponseData.class, fetch(topic, 0, 0, partition), FETCH);
    }

    private Errors readError(int partition) {
        return error(
                read(partition).responses().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void aFailedWriteStopsThePartitionIsReportedOnceAndReadsGoOn() {
        broker.disk.failWritesAfter(20);
        assertThat(write(0, "torn")).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        broker.disk.clearFaults();

        assertThat(write(0, "later")).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(records(read(0))).containsExactly("0=a");
        assertThat(write(1, "c")).isEqualTo(Errors.NONE);
        assertThat(broker.stoppedPartitions)
                .hasSize(1)
                .first()
                .asString()
                .contains("t-0")
                .contains(FILE);
    }

    @Test
    void aPartitionThatStoppedTakesWritesAgainAfterARestart() {
        broker.disk.failWritesAfter(20);
        write(0, "torn");
        broker.disk.clearFaults();

        broker.restart();
        client = broker.connect(0);

        assertThat(write(0, "again")).isEqualTo(Errors.NONE);
        assertThat(records(read(0))).containsExactly("0=a", "1=again");
    }

    @Test
    void onAFullDiskReadsGoOnAndWritesDoOnceThereIsRoom() {
        broker.disk.limitCapacity(broker.disk.usedBytes());
        assertThat(write(0, "no room")).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(records(read(0))).containsExactly("0=a");
        broker.disk.clearFaults();

        assertThat(write(0, "room")).isEqualTo(Errors.NONE);
        assertThat(records(read(0))).containsExactly("0=a", "1=room");
        assertThat(broker.stoppedPartitions).isEmpty();
    }

    @Test
    void aFlawInTheMiddleTakesThatPartitionOfflineWithFileAndPosition() {
        write(0, "c");
        broker.disk.flipBit("t-0/" + FILE, 65, 0);
        broker.crashAndRestart();
        client = broker.connect(0);

        assertThat(broker.stoppedPartitions)
                .hasSize(1)
                .first()
                .asString()
                .contains("t-0/" + FILE)
                .contains("position 0");
        assertThat(write(0, "d")).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(readError(0)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(write(1, "d")).isEqualTo(Errors.NONE);
        assertThat(records(read(1))).containsExactly("0=b", "1=d");
    }

    @Test
    void aFlawThatAReaderMeetsIsReportedOnce() {
        broker.restart();
        client = broker.connect(0);
        for (int bit = 0; bit < 8; bit++) {
            broker.disk.flipBit("t-0/" + FILE, 16, bit);
        }

        assertThat(List.of(readError(0), readError(0)))
                .containsExactly(Errors.KAFKA_STORAGE_ERROR, Errors.KAFKA_STORAGE_ERROR);
        assertThat(broker.stoppedPartitions).hasSize(1).first().asString().contains(FILE);
        assertThat(records(read(1))).containsExactly("0=b");
    }
}
