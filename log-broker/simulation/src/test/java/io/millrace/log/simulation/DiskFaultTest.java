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

import io.millrace.log.disk.DiskFile;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
    void anOfflinePartitionIsShownAsOneWithoutLeaderByEveryShard() {
        BrokerFixture two = new BrokerFixture(2);
        Uuid id = created(two.connect(0), "t", 2);
        for (int partition = 0; partition < 2; partition++) {
            for (String value : List.of("a", "b")) {
                two.connect(0)
                        .call(ProduceResponseData.class, produce(id, partition, -1, Batches.batch(1, value)), PRODUCE);
            }
        }
        two.disk.flipBit("t-0/" + FILE, 65, 0);
        two.crashAndRestart();

        for (int shard = 0; shard < 2; shard++) {
            List<MetadataResponsePartition> partitions = two.connect(shard)
                    .call(MetadataResponseData.class, Requests.metadata("t"), 12)
                    .topics()
                    .find("t")
                    .partitions();
            assertThat(error(partitions.get(0).errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
            assertThat(partitions.get(0).leaderId()).isEqualTo(-1);
            assertThat(partitions.get(0).offlineReplicas()).containsExactly(1);
            assertThat(error(partitions.get(1).errorCode())).isEqualTo(Errors.NONE);
            assertThat(partitions.get(1).offlineReplicas()).isEmpty();
        }
    }

    private DescribeLogDirsResult logDir() {
        return client.call(DescribeLogDirsResponseData.class, new DescribeLogDirsRequestData().setTopics(null), 4)
                .results()
                .getFirst();
    }

    @Test
    void theDataDirectoryIsToldOfAsFailedWhileAPartitionIsStoppedOrOffline() {
        broker.disk.limitCapacity(1 << 20);
        assertThat(error(logDir().errorCode())).isEqualTo(Errors.NONE);
        assertThat(logDir().totalBytes()).isEqualTo(1 << 20);
        assertThat(logDir().usableBytes()).isEqualTo((1 << 20) - broker.disk.usedBytes());

        broker.disk.failSyncsAfter(0);
        write(0, "not durable");

        assertThat(error(logDir().errorCode())).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(logDir().topics().getFirst().partitions()).hasSize(2);
    }

    @Test
    void aPartitionThatIsOfflineGoesWithItsTopic() {
        write(0, "c");
        broker.disk.flipBit("t-0/" + FILE, 65, 0);
        broker.crashAndRestart();
        client = broker.connect(0);

        Requests.deleted(client, topic);

        assertThat(broker.disk.list("")).noneMatch(name -> name.startsWith("t-"));
    }

    @Test
    void aTornTailIsReportedOnceAndWhatTheDiskHadConfirmedIsCounted() {
        write(0, "c");
        try (DiskFile file = broker.disk.open("t-0/" + FILE)) {
            file.truncate(file.size() - 1);
        }
        broker.crashAndRestart();
        client = broker.connect(0);

        assertThat(broker.cutPartitions)
                .hasSize(1)
                .first()
                .asString()
                .contains("t-0/" + FILE + " at position ")
                .endsWith(", lost 1");
        assertThat(records(read(0))).containsExactly("0=a");
        assertThat(write(0, "again")).isEqualTo(Errors.NONE);
        broker.crashAndRestart();
        assertThat(broker.cutPartitions).hasSize(1);
    }

    @Test
    @DisplayName("A33: a partition that a full disk does not let open opens when there is room")
    void aPartitionThatAFullDiskDoesNotLetOpenOpensWhenThereIsRoom() {
        broker.disk.limitCapacity(broker.disk.usedBytes());
        Uuid other = created(client, "u", 1);
        assertThat(broker.stoppedPartitions).hasSize(1);
        broker.pass(20_000);
        assertThat(broker.stoppedPartitions).hasSize(1);

        broker.disk.clearFaults();
        broker.pass(5_000);

        ProduceResponseData answer =
                client.call(ProduceResponseData.class, produce(other, 0, -1, Batches.batch(1, "a")), PRODUCE);
        assertThat(error(first(answer).errorCode())).isEqualTo(Errors.NONE);
        assertThat(error(logDir().errorCode())).isEqualTo(Errors.NONE);
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
