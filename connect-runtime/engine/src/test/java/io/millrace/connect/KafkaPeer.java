package io.millrace.connect;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.kafka.KafkaClientSettings;
import io.millrace.connect.log.kafka.KafkaLogClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** One Apache Kafka broker in a process of its own, with its own jars. Started once for all tests of a JVM. */
final class KafkaPeer {

    private static final KafkaPeer SHARED = new KafkaPeer();

    private final String bootstrapServers;

    static String sharedBootstrapServers() {
        return SHARED.bootstrapServers;
    }

    private KafkaPeer() {
        try {
            TemporaryFiles files = TemporaryFiles.make("kafka-peer");
            Path directory = files.root();
            int port = PeerProcess.freePort();
            Path config = writeConfig(directory, port, PeerProcess.freePort());
            format(directory.resolve("data"));
            PeerProcess broker = PeerProcess.start(files, "kafka.Kafka", config.toString());
            this.bootstrapServers = "127.0.0.1:" + port;
            awaitAnswer(broker);
        } catch (IOException e) {
            throw new UncheckedIOException("Apache Kafka did not start", e);
        }
    }

    private void awaitAnswer(PeerProcess broker) throws IOException {
        try {
            new KafkaLogClient(new KafkaClientSettings(
                            Map.of("bootstrap.servers", bootstrapServers),
                            Map.of(),
                            Map.of(),
                            Map.of("default.api.timeout.ms", "120000")))
                    .close();
        } catch (LogFailure e) {
            throw new IOException((broker.isAlive() ? "no answer" : "it ended") + ": " + broker.logged(), e);
        }
    }

    private static Path writeConfig(Path directory, int port, int controllerPort) throws IOException {
        List<String> lines = List.of(
                "node.id=1",
                "process.roles=broker,controller",
                "controller.listener.names=CONTROLLER",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + directory.resolve("data"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=5",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "auto.create.topics.enable=false");
        return Files.write(directory.resolve("server.properties"), lines);
    }

    /** What Kafka's storage tool would write, without starting a JVM for it. */
    private static void format(Path data) throws IOException {
        Files.createDirectories(data);
        List<String> lines = List.of(
                "version=1", "node.id=1", "cluster.id=MkU3OEVBNTcwNTJENDM2Qk", "directory.id=" + Uuid.randomUuid());
        Files.write(data.resolve("meta.properties"), lines);
    }
}
