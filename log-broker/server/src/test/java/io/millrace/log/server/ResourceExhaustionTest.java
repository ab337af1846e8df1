package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that runs out of file descriptors or of memory while clients write: it refuses what it has no room for, or
 * stops. Nothing that it acknowledged is lost, and what it could not finish is not there by half.
 */
@Timeout(300)
class ResourceExhaustionTest {

    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final HostPort ANY = HostPort.parse("127.0.0.1:0");
    private static final int PROMISES = 500;

    private static final int DESCRIPTORS = 512;

    /** The limit is for good: a JVM raises one that it may raise. */
    private static final List<String> FEW_DESCRIPTORS =
            List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + " && exec \"$@\"", "sh");

    private static final CreateTopicsOptions BRIEFLY = new CreateTopicsOptions().timeoutMs(20_000);

    private static final int HEAP_MEGABYTES = 64;
    private static final int FRAME_BYTES = 8 << 20;
    private static final int FRAMES = 40;

    @TempDir
    Path directory;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void disconnect() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
    }

    @Test
    void anomalyA44aBrokerWithoutFileDescriptorsLosesNothing() throws Exception {
        ChildBroker broker = new ChildBroker(directory, ANY, FEW_DESCRIPTORS);
        HostPort address = broker.address();
        try (Workload load = Workload.start(address, "group-commit");
                Admin admin = Admin.create(TestClients.configs(address, Map.of()))) {
            create(admin, "before-", 1);
            awaitProgress(load);
            exhaustDescriptors(broker);
            create(admin, "starved-", 20);

            disconnect();
            broker.kill();
            broker = new ChildBroker(directory, address, List.of());

            awaitProgress(load);
            assertWhole(admin, address);
            assertKept(load.end(address));
        } finally {
            broker.kill();
        }
    }

    @Test
    void anomalyA44aBrokerWithoutMemoryLosesNothing() throws Exception {
        ChildBroker broker = ChildBroker.small(
                directory,
                ANY,
                HEAP_MEGABYTES,
                "queued.max.request.bytes=" + (1L << 30),
                "socket.request.max.bytes=" + (1 << 24));
        HostPort address = broker.address();
        try (Workload load = Workload.start(address, "group-commit");
                Admin admin = Admin.create(TestClients.configs(address, Map.of()))) {
            awaitProgress(load);
            exhaustMemory(broker);

            disconnect();
            if (!broker.isAlive()) {
                broker = new ChildBroker(directory, address, List.of());
            }
            awaitProgress(load);
            broker.kill();
            broker = new ChildBroker(directory, address, List.of());
            assertWhole(admin, address);
            assertKept(load.end(address));
        } finally {
            broker.kill();
        }
    }

    private static void awaitProgress(Workload load) {
        long target = load.acknowledged() + PROMISES;
        await().atMost(WAIT_MAX).until(() -> load.isBroken() || load.acknowledged() >= target);
        assertThat(load.isBroken()).as("whether a client gave up").isFalse();
    }

    /** Until it cannot take a connection any more, or is no more. */
    private void exhaustDescriptors(ChildBroker broker) {
        await().atMost(WAIT_MAX).until(() -> {
            try {
                connect(broker.address());
                return openDescriptors(broker) >= DESCRIPTORS - 1;
            } catch (ConnectException | NoSuchFileException gone) {
                return !broker.isAlive();
            }
        });
    }

    private static long openDescriptors(ChildBroker broker) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(broker.processId()), "fd"))) {
            return open.count();
        }
    }

    private Socket connect(HostPort address) throws IOException {
        Socket socket = new Socket(address.host(), address.port());
        sockets.add(socket);
        return socket;
    }

    /** Frames that never end, of more bytes than there is memory; until one is refused. */
    private void exhaustMemory(ChildBroker broker) throws IOException {
        byte[] part = new byte[FRAME_BYTES - 1];
        boolean refused = false;
        for (int i = 0; i < FRAMES && !refused; i++) {
            Socket socket = connect(broker.address());
            try {
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(4).putInt(FRAME_BYTES).array());
                socket.getOutputStream().write(part);
            } catch (SocketException e) {
                refused = true;
            }
        }
        assertThat(refused || !broker.isAlive())
                .as("whether memory came to an end")
                .isTrue();
    }

    /**
     * As many as can be: an error is an answer, and so is none, of a broker that has died or has no socket to give.
     * All are asked for at once, so that those without an answer are waited for together.
     */
    private static void create(Admin admin, String prefix, int count) throws InterruptedException {
        List<KafkaFuture<Void>> creations = IntStream.range(0, count)
                .mapToObj(i -> admin.createTopics(List.of(new NewTopic(prefix + i, 3, (short) 1)), BRIEFLY)
                        .all())
                .toList();
        for (KafkaFuture<Void> creation : creations) {
            try {
                creation.get();
            } catch (ExecutionException refused) {
                assertThat(refused.getCause()).isNotNull();
            }
        }
    }

    /** Each topic that there is takes records and gives them, in all its partitions. */
    private static void assertWhole(Admin admin, HostPort address) throws Exception {
        List<String> topics = admin.listTopics().names().get().stream()
                .filter(each -> each.startsWith("starved-"))
                .toList();
        try (KafkaProducer<String, String> producer = TestClients.producer(address, Map.of())) {
            for (String topic : topics) {
                for (int partition : IntStream.range(0, 3).toArray()) {
                    producer.send(new ProducerRecord<>(topic, partition, null, "whole"))
                            .get();
                }
                assertThat(TestClients.readAll(address, topic, 3)).hasSize(3);
            }
        }
    }

    private static void assertKept(Verdict verdict) {
        assertThat(verdict.flaws()).isEmpty();
        assertThat(verdict.lost()).isZero();
        assertThat(verdict.acknowledged()).isPositive();
    }
}
