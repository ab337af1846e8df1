package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.log.metadata.BrokerSettings;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowReaderTest {

    private static final int FETCHES = 400;
    private static final int IN_FLIGHT_MAX = 16;

    /** The last version that names topics, with the header that goes with it. */
    private static final short FETCH_VERSION = 12;

    private static final short FETCH_HEADER = 2;
    private static final long MEMORY_MAX = 24L << 20;

    @TempDir
    Path directory;

    @Test
    void aClientThatDoesNotReadItsAnswersCostsBoundedMemoryAndGetsThemAllInTheEnd() throws Exception {
        Map<String, String> limits = Map.of(
                BrokerSettings.REQUEST_BYTES_MAX, Integer.toString(1 << 20),
                BrokerSettings.QUEUED_BYTES_MAX, Integer.toString(16 << 20),
                BrokerSettings.IN_FLIGHT_MAX, Integer.toString(IN_FLIGHT_MAX),
                BrokerSettings.UNSENT_BYTES_MAX, Integer.toString(1 << 20));
        BrokerConfig config = BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0"))
                .withConfigs(limits)
                .withLoops(1);
        try (Broker broker = Broker.start(config);
                RawClient client = new RawClient(broker)) {
            fill(broker);
            // 800 MB worth of answers; the requests fit into the socket's buffers as long as nobody reads them.
            for (int i = 0; i < FETCHES; i++) {
                client.send(RawClient.request(FETCH_VERSION, FETCH_HEADER, i, fetch()));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> fetches(broker) >= IN_FLIGHT_MAX);
            serveSomebodyElse(broker);
            assertThat(fetches(broker)).isLessThanOrEqualTo(4 * IN_FLIGHT_MAX);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .isLessThan(MEMORY_MAX);

            for (int i = 0; i < FETCHES; i++) {
                ByteBuffer answer = client.receive();
                assertThat(answer.getInt()).isEqualTo(i);
                assertThat(answer.remaining()).isGreaterThan(2 << 20);
            }
            assertThat(fetches(broker)).isEqualTo(FETCHES);
        }
    }

    /** A hundred passes of the broker's one loop, in each of which it might read more from the slow client. */
    private static void serveSomebodyElse(Broker broker) throws Exception {
        try (RawClient other = new RawClient(broker)) {
            for (int i = 0; i < 100; i++) {
                other.send(RawClient.request((short) 0, (short) 1, i, new ApiVersionsRequestData()));
                assertThat(other.receive().getInt()).isEqualTo(i);
            }
        }
    }

    private static long fetches(Broker broker) {
        return broker.metrics().requestsByApi().getOrDefault("Fetch", 0L);
    }

    private static void fill(Broker broker) throws Exception {
        TestClients.createTopic(broker, "large", 1);
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (int i = 0; i < 5; i++) {
                producer.send(new ProducerRecord<>("large", TestClients.text(500_000, i)))
                        .get();
            }
        }
    }

    private static FetchRequestData fetch() {
        return new FetchRequestData()
                .setReplicaId(-1)
                .setMaxBytes(50 << 20)
                .setMinBytes(1)
                .setMaxWaitMs(100)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic()
                        .setTopic("large")
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(0)
                                .setPartitionMaxBytes(50 << 20)))));
    }
}
