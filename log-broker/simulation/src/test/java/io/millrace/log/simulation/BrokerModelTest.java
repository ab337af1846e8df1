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

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker under random writes, reads, crashes, power cuts and failing disks, against a model: what was acknowledged is
 * there, what was shown stays, and what an idempotent producer sends again is there once.
 */
class BrokerModelTest {

    private static final int PARTITIONS = 4;
    private static final int STEPS = 250;

    /** The producer of one partition, with at most one batch on its way, and what is known of the partition. */
    private static final class Lane {
        private final int partition;
        private final List<String> acknowledged = new ArrayList<>();
        private List<String> seen = List.of();
        private int sequence;
        private long request = -1;

        Lane(int partition) {
            this.partition = partition;
        }

        String value() {
            return "p" + partition + "-" + sequence;
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final BrokerFixture broker;
        private final List<Lane> lanes = new ArrayList<>();
        private final Uuid topic;
        private TestClient client;

        Run(long seed) {
            random = new SplittableRandom(seed);
            broker = new BrokerFixture(1 + random.nextInt(3));
            client = broker.connect(0);
            topic = created(client, "t", PARTITIONS);
            for (int i = 0; i < PARTITIONS; i++) {
                lanes.add(new Lane(i));
            }
        }

        void step() {
            int choice = random.nextInt(100);
            Lane lane = lanes.get(random.nextInt(PARTITIONS));
            if (choice < 60) {
                write(lane);
            } else if (choice < 80) {
                read(lane);
            } else if (choice < 86) {
                broker.holdSyncs();
            } else if (choice < 94) {
                broker.releaseSyncs();
            } else if (choice < 95) {
                broker.failSyncs();
                restart();
            } else {
                restart();
            }
            lanes.forEach(this::acknowledge);
        }

        private void write(Lane lane) {
            if (lane.request < 0) {
                lane.request = client.send(
                        produce(
                                topic,
                                lane.partition,
                                -1,
                                Batches.idempotent(lane.partition, 0, lane.sequence, lane.value())),
                        PRODUCE);
            }
        }

        private void acknowledge(Lane lane) {
            ProduceResponseData answer = lane.request < 0 ? null : client.poll(ProduceResponseData.class, lane.request);
            if (answer == null) {
                return;
            }
            lane.request = -1;
            PartitionProduceResponse result = first(answer);
            if (error(result.errorCode()) == Errors.NONE) {
                lane.acknowledged.add(result.baseOffset() + "=" + lane.value());
                lane.sequence++;
            }
        }

        private void read(Lane lane) {
            FetchResponseData answer = client.call(FetchResponseData.class, fetch(topic, 0, 0, lane.partition), FETCH);
            List<String> found = records(answer);
            assertThat(found.stream().limit(lane.seen.size()))
                    .as("what was shown before")
                    .containsExactlyElementsOf(lane.seen);
            lane.seen = found;
        }

        private void restart() {
            switch (random.nextInt(3)) {
                case 0 -> broker.restart();
                case 1 -> broker.crashAndRestart();
                default -> broker.cutPowerAndRestart();
            }
            client = broker.connect(0);
            lanes.forEach(lane -> lane.request = -1);
        }

        void finish() {
            restart();
            for (Lane lane : lanes) {
                write(lane);
                acknowledge(lane);
                read(lane);
                assertThat(lane.seen).as("what was acknowledged").containsExactlyElementsOf(lane.acknowledged);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void keepsWhatWasAcknowledgedAndWhatWasShown(long seed) {
        Run run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
        run.finish();
    }
}
