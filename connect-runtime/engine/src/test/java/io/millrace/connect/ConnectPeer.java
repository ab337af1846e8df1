package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A worker of Apache Kafka Connect on Apache Kafka, in a process of its own, with its own jars. */
final class ConnectPeer {

    private final RestClient rest;

    private ConnectPeer(RestClient rest) {
        this.rest = rest;
    }

    /** Starts a worker that ends with the JVM; returns when it answers. */
    static ConnectPeer start(Path pluginPath) {
        try {
            TemporaryFiles files = TemporaryFiles.make("connect-peer");
            int port = PeerProcess.freePort();
            Path config = Files.write(files.root().resolve("worker.properties"), config(port, pluginPath));
            PeerProcess worker =
                    PeerProcess.start(files, "org.apache.kafka.connect.cli.ConnectDistributed", config.toString());
            RestClient rest = new RestClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsMatching(e -> worker.isAlive() && e instanceof UncheckedIOException)
                    .untilAsserted(
                            () -> assertThat(rest.get("/health").status()).isEqualTo(200));
            return new ConnectPeer(rest);
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka Connect did not start", e);
        }
    }

    RestClient rest() {
        return rest;
    }

    private static List<String> config(int port, Path pluginPath) {
        return List.of(
                "bootstrap.servers=" + KafkaPeer.sharedBootstrapServers(),
                "listeners=http://127.0.0.1:" + port,
                "group.id=peer",
                "plugin.path=" + pluginPath,
                "plugin.discovery=service_load",
                "key.converter=org.apache.kafka.connect.json.JsonConverter",
                "value.converter=org.apache.kafka.connect.json.JsonConverter",
                "config.storage.topic=peer-configs",
                "config.storage.replication.factor=1",
                "offset.storage.topic=peer-offsets",
                "offset.storage.partitions=1",
                "offset.storage.replication.factor=1",
                "status.storage.topic=peer-status",
                "status.storage.partitions=1",
                "status.storage.replication.factor=1",
                "offset.flush.interval.ms=200");
    }
}
