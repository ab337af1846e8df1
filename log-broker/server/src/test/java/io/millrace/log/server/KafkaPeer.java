package io.millrace.log.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;

/** One Apache Kafka broker in a process of its own, that answers; its storage is below the given directory. */
final class KafkaPeer implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final int REQUEST_TIMEOUT_MS = 5_000;

    private final Process process;
    private final HostPort address;

    KafkaPeer(Path directory) throws IOException, InterruptedException {
        int port = freePort();
        address = new HostPort("127.0.0.1", port);
        Path config = Files.write(directory.resolve("server.properties"), settings(directory, port, freePort()));
        KafkaTools.run(
                "",
                "kafka.tools.StorageTool",
                List.of("format", "--cluster-id", Uuid.randomUuid().toString(), "--config", config.toString()));
        Path output = directory.resolve("kafka.log");
        process = new ProcessBuilder(KafkaTools.command("kafka.Kafka", List.of(config.toString())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(START_MAX).until(() -> answers(output));
    }

    HostPort address() {
        return address;
    }

    private boolean answers(Path output) throws Exception {
        if (!process.isAlive()) {
            throw new IOException("Apache Kafka ended: " + Files.readString(output));
        }
        Map<String, Object> timeouts = Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        try (Admin admin = Admin.create(TestClients.configs(address, timeouts))) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException | KafkaException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static List<String> settings(Path directory, int port, int controllerPort) {
        return List.of(
                "node.id=1",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "process.roles=broker,controller",
                "controller.listener.names=CONTROLLER",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + directory.resolve("data"));
    }

    @Override
    public void close() {
        var _ = process.destroyForcibly().onExit().join();
    }
}
