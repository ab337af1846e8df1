package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.log.metadata.BrokerSettings;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client can cost that does not behave: memory, connections, time. */
class ConnectionCareTest {

    private static final short VERSION = 0;
    private static final short HEADER = 1;

    @TempDir
    Path directory;

    private Broker start(Map<String, String> configs) {
        return Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0"))
                .withLoops(1)
                .withConfigs(configs));
    }

    private static void isServed(RawClient client) throws IOException {
        client.send(RawClient.request(VERSION, HEADER, 1, new ApiVersionsRequestData()));
        assertThat(client.receive().getInt()).isEqualTo(1);
    }

    @Test
    void aSilentClientIsDisconnected() throws Exception {
        try (Broker broker = start(Map.of(BrokerSettings.CONNECTION_IDLE_MAX, "500"));
                RawClient silent = new RawClient(broker)) {
            isServed(silent);

            assertThat(silent.isClosedByBroker()).isTrue();
            await().until(() -> broker.metrics().connections().idle() == 1);
        }
    }

    @Test
    void aClientThatSendsAFrameByteByByteIsDisconnectedWhenItTakesTooLong() throws Exception {
        try (Broker broker = start(Map.of(BrokerSettings.CONNECTION_IDLE_MAX, "1000"));
                RawClient slow = new RawClient(broker)) {
            slow.send(ByteBuffer.allocate(4).putInt(10_000).array());

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        try {
                            slow.send(new byte[1]);
                            return false;
                        } catch (IOException closed) {
                            return true;
                        }
                    });
            assertThat(broker.metrics().connections().idle()).isEqualTo(1);
        }
    }

    @Test
    void oneAddressHasNoMoreConnectionsThanItMay() throws Exception {
        try (Broker broker = start(Map.of(BrokerSettings.CONNECTIONS_PER_IP_MAX, "2"));
                RawClient first = new RawClient(broker)) {
            isServed(first);
            try (RawClient second = new RawClient(broker);
                    RawClient third = new RawClient(broker)) {
                isServed(second);
                assertThat(third.isClosedByBroker()).isTrue();
            }
            await().until(() -> broker.metrics().connections().open() == 1);
            try (RawClient again = new RawClient(broker)) {
                isServed(again);
            }
        }
    }

    @Test
    void clientsThatSendWithoutPauseCostNoMoreMemoryThanTheyMay() throws Exception {
        int queuedMax = 8 << 20;
        try (Broker broker = start(Map.of(BrokerSettings.QUEUED_BYTES_MAX, Integer.toString(queuedMax)));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            TestClients.createTopic(broker, "flood", 1);
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            AtomicLong most = new AtomicLong();
            List<Future<Integer>> floods = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                floods.add(executor.submit(() -> flood(broker, 20, most)));
            }
            int answered = 0;
            for (Future<Integer> flood : floods) {
                answered += flood.get();
            }
            assertThat(answered).isEqualTo(320);
            // The pool takes its memory in chunks of 4 MiB, for each of its arenas.
            assertThat(most.get() - before).isLessThan(queuedMax + (24 << 20));
        }
    }

    private static int flood(Broker broker, int count, AtomicLong most) throws IOException {
        byte[] request = RawClient.request((short) 9, (short) 2, 7, produce());
        int answered = 0;
        try (RawClient client = new RawClient(broker)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        client.send(request);
                        most.accumulateAndGet(
                                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(), Math::max);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            while (answered < count) {
                assertThat(client.receive().getInt()).isEqualTo(7);
                answered++;
            }
            assertThat(sender.isAlive()).isFalse();
        }
        return answered;
    }

    private static ProduceRequestData produce() {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        // No batch at all, but as long as one: refused when it is looked at, after it was held in memory.
        TopicProduceData topic = new TopicProduceData().setName("flood");
        topic.partitionData()
                .add(new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(900_000))));
        request.topicData().add(topic);
        return request;
    }
}
