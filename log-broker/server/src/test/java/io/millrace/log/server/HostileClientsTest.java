package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.log.metadata.BrokerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileClientsTest {

    private static final int FRAME_MAX = 1 << 20;
    private static final short VERSION = 0;
    private static final short HEADER = 1;

    @TempDir
    Path directory;

    private Broker broker;

    @BeforeEach
    void start() {
        Map<String, String> limits = Map.of(
                BrokerSettings.REQUEST_BYTES_MAX, Integer.toString(FRAME_MAX),
                BrokerSettings.QUEUED_BYTES_MAX, Integer.toString(32 << 20),
                BrokerSettings.CONNECTIONS_MAX, "8",
                BrokerSettings.IN_FLIGHT_MAX, "16",
                BrokerSettings.UNSENT_BYTES_MAX, Integer.toString(1 << 20));
        broker = Broker.start(
                BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")).withConfigs(limits));
    }

    @AfterEach
    void stop() {
        assertThat(broker.failure()).isNotDone();
        broker.close();
    }

    @Test
    void malformedFramesEndTheirConnectionAndNobodyElses() throws Exception {
        TestClients.createTopic(broker, "stream", 1);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> sent = executor.submit(() -> sendUntil(done));
            for (byte[] bytes : malformed()) {
                try (RawClient client = new RawClient(broker)) {
                    client.send(bytes);
                    assertThat(client.isClosedByBroker()).isTrue();
                }
            }
            sendRandomFrames(200);
            done.set(true);
            List<String> acknowledged = sent.get();
            assertThat(TestClients.values(TestClients.readAll(broker, "stream", 1)))
                    .isEqualTo(acknowledged);
        }
        assertThat(broker.metrics().faults().malformed())
                .isGreaterThanOrEqualTo(malformed().size());
        assertThat(broker.metrics().faults().failed()).isZero();
    }

    @Test
    void aRequestInManyPiecesIsAnswered() throws Exception {
        byte[] request = RawClient.request(VERSION, HEADER, 7, new ApiVersionsRequestData());
        try (RawClient client = new RawClient(broker)) {
            for (byte each : request) {
                client.send(new byte[] {each});
            }
            assertThat(client.receive().getInt()).isEqualTo(7);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (RawClient client = new RawClient(broker)) {
            for (int i = 0; i < 500; i++) {
                client.send(RawClient.request(VERSION, HEADER, i, new ApiVersionsRequestData()));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(client.receive().getInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefusedUntilOthersEnd() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(new RawClient(broker));
        }
        await().until(() -> broker.metrics().connections().open() == 8);
        try (RawClient ninth = new RawClient(broker)) {
            assertThat(ninth.isClosedByBroker()).isTrue();
        }
        assertThat(broker.metrics().connections().refused()).isEqualTo(1);
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> broker.metrics().connections().open() == 0);
        try (RawClient again = new RawClient(broker)) {
            again.send(RawClient.request(VERSION, HEADER, 1, new ApiVersionsRequestData()));
            assertThat(again.receive().getInt()).isEqualTo(1);
        }
    }

    private static List<byte[]> malformed() {
        return List.of(
                ByteBuffer.allocate(4).putInt(-1).array(),
                ByteBuffer.allocate(4).putInt(FRAME_MAX + 1).array(),
                ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array(),
                ByteBuffer.allocate(4).putInt(0).array(),
                ByteBuffer.allocate(7).putInt(3).array(),
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                frame((short) 999, (short) 0, new byte[20]),
                frame((short) 3, (short) 99, new byte[20]),
                // Metadata with an array of two billion topics.
                frame((short) 3, (short) 1, new byte[] {0, 1, 'x', 0x7F, -1, -1, -1}));
    }

    private static byte[] frame(short key, short version, byte[] rest) {
        return ByteBuffer.allocate(12 + rest.length)
                .putInt(8 + rest.length)
                .putShort(key)
                .putShort(version)
                .putInt(1)
                .put(rest)
                .array();
    }

    /** Frames of every key and version with random bodies: answered, or ended, but nothing worse. */
    private void sendRandomFrames(int connections) throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < connections; i++) {
            try (RawClient client = new RawClient(broker)) {
                assertThat(client.sendAllAndEnd(randomFrames(random))).isTrue();
            }
        }
    }

    private static List<byte[]> randomFrames(Random random) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            frames.add(frame((short) random.nextInt(95), (short) random.nextInt(14), body));
        }
        return frames;
    }

    private List<String> sendUntil(AtomicBoolean done) throws Exception {
        List<String> sent = new ArrayList<>();
        List<Future<RecordMetadata>> results = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                TestClients.producer(broker, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0))) {
            while (!done.get()) {
                String value = sent.size() + TestClients.text(200, sent.size());
                sent.add(value);
                results.add(producer.send(new ProducerRecord<>("stream", value)));
                if (results.size() % 50 == 0) {
                    results.getLast().get();
                }
            }
            for (Future<RecordMetadata> result : results) {
                result.get();
            }
        }
        return sent;
    }
}
