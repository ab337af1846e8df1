package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.FETCH;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.fetch;
import static io.millrace.log.simulation.Requests.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.LogFlush;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.junit.jupiter.api.Test;

/**
 * A whole broker under random schedules of clients, syncs, full disks, failing syncs, crashes and power cuts. Holds the
 * records against three promises: nothing acknowledged with acks=all is lost, nothing of an idempotent producer is
 * there twice or out of order, and what a consumer has seen never changes. A failure names its seed; {@code
 * -Dbroker.schedule.seed=N} runs that seed alone, {@code -Dbroker.schedule.seeds=N} runs so many.
 */
class BrokerScheduleTest {

    private static final int SEEDS = 60;
    private static final int STEPS = 120;
    private static final int PARTITIONS = 2;

    @Test
    void keepsItsPromises() {
        Long only = Long.getLong("broker.schedule.seed");
        long first = only == null ? 0 : only;
        long last = only == null ? Integer.getInteger("broker.schedule.seeds", SEEDS) : only + 1;
        for (long seed = first; seed < last; seed++) {
            try {
                new Run(seed).steps();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {

        private final SplittableRandom random;
        private final int shards;
        private final BrokerFixture broker;
        private final Uuid topic;
        private final List<SimProducer> producers = new ArrayList<>();
        private final List<List<String>> seen = new ArrayList<>();
        private TestClient consumer;

        Run(long seed) {
            random = new SplittableRandom(seed);
            shards = random.nextInt(1, 4);
            broker = new BrokerFixture(shards, LogFlush.GROUP_COMMIT, seed);
            consumer = broker.connect(random.nextInt(shards));
            topic = created(consumer, "t", PARTITIONS, "segment.ms", String.valueOf(random.nextInt(1000, 600_000)));
            for (int i = 0; i < 2 * PARTITIONS; i++) {
                producers.add(new SimProducer(i, topic, i % PARTITIONS));
            }
            for (int i = 0; i < PARTITIONS; i++) {
                seen.add(new ArrayList<>());
            }
            broker.holdSyncs();
            reconnect();
        }

        void steps() {
            for (int i = 0; i < STEPS; i++) {
                step(random.nextInt(100));
                producers.forEach(SimProducer::receive);
            }
            drain();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                check(partition, consume(partition));
            }
            broker.restart();
            assertThat(broker.disk.openRegions()).isZero();
        }

        private void step(int dice) {
            if (dice < 40) {
                SimProducer producer = producers.get(random.nextInt(producers.size()));
                producer.enqueue(random.nextInt(1, 6));
                producer.send();
            } else if (dice < 70) {
                sync();
            } else if (dice < 80) {
                consume(random.nextInt(PARTITIONS));
            } else if (dice < 84) {
                producers.forEach(SimProducer::send);
            } else if (dice < 87) {
                broker.pass(random.nextInt(400_000));
            } else if (dice < 90) {
                broker.disk.limitCapacity(broker.disk.usedBytes() + random.nextInt(500));
            } else if (dice < 93) {
                broker.disk.clearFaults();
            } else if (dice < 94) {
                broker.disk.failSyncsAfter(random.nextInt(3));
            } else {
                end(dice);
            }
        }

        private void sync() {
            if (broker.heldSyncs() > 0) {
                broker.releaseSync(random.nextInt(broker.heldSyncs()));
            }
        }

        private void end(int dice) {
            producers.forEach(SimProducer::receive);
            broker.disk.clearFaults();
            if (dice < 95) {
                broker.releaseSyncs();
                broker.restart();
                broker.holdSyncs();
            } else if (dice < 97) {
                broker.crashAndRestart();
            } else {
                broker.cutPowerAndRestart();
            }
            reconnect();
        }

        private void reconnect() {
            consumer = broker.connect(random.nextInt(shards));
            for (SimProducer producer : producers) {
                producer.connect(broker.connect(random.nextInt(shards)));
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                consume(partition);
            }
        }

        /** Everything that can be read now; it begins with everything that could be read before. */
        private List<String> consume(int partition) {
            List<String> read = new ArrayList<>();
            List<String> more;
            do {
                more = records(consumer.call(FetchResponseData.class, fetch(topic, read.size(), 0, partition), FETCH));
                read.addAll(more);
            } while (!more.isEmpty());
            List<String> before = seen.get(partition);
            assertThat(read.size()).isGreaterThanOrEqualTo(before.size());
            assertThat(read.subList(0, before.size())).isEqualTo(before);
            seen.set(partition, read);
            return read;
        }

        /** No more faults: everything that producers still have is sent until it is acknowledged. */
        private void drain() {
            broker.disk.clearFaults();
            broker.releaseSyncs();
            producers.forEach(SimProducer::receive);
            broker.crashAndRestart();
            reconnect();
            while (!producers.stream().allMatch(SimProducer::isDone)) {
                producers.forEach(SimProducer::send);
                producers.forEach(SimProducer::receive);
            }
        }

        private void check(int partition, List<String> stored) {
            for (int offset = 0; offset < stored.size(); offset++) {
                assertThat(stored.get(offset)).startsWith(offset + "=");
            }
            long expected = 0;
            for (SimProducer producer : producers) {
                if (producer.partition() == partition) {
                    assertThat(stored.stream().filter(producer::isOwn).toList()).isEqualTo(producer.acknowledged());
                    assertInOrder(producer.acknowledged());
                    expected += producer.acknowledged().size();
                }
            }
            assertThat(stored).hasSize((int) expected);
        }

        private static void assertInOrder(List<String> records) {
            for (int i = 0; i < records.size(); i++) {
                assertThat(records.get(i)).endsWith("-" + i);
            }
        }
    }
}
