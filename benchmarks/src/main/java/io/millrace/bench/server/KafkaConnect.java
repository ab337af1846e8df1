package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Kafka Connect, one distributed worker on one node of Apache Kafka, with the JVM flags and the settings that both are
 * shipped with, but for names and one copy of each topic. Both are started at the same moment: the worker looks at its
 * plugins while the broker starts.
 */
public final class KafkaConnect implements ConnectServer {

    /** What {@code connect-distributed} sets. */
    private static final List<String> HEAP = List.of("-Xms256M", "-Xmx2G");

    private final Path jars;
    private final KafkaServer broker;

    /** @param jars the directory with all of its jars */
    public KafkaConnect(Path jars) {
        this.jars = jars;
        this.broker = new KafkaServer(jars);
    }

    @Override
    public Server broker() {
        return broker;
    }

    @Override
    public ConnectProcesses start(Path directory, Path plugins) throws IOException {
        int restPort = Ports.free();
        ServerProcess kafka = broker.start(directory);
        try {
            Path config =
                    Files.write(directory.resolve("worker.properties"), settings(kafka.port(), restPort, plugins));
            ServerProcess worker = ServerProcess.launch(
                    KafkaServer.command(jars, HEAP, "org.apache.kafka.connect.cli.ConnectDistributed", config),
                    restPort,
                    directory.resolve("worker.txt"));
            return new ConnectProcesses(List.of(kafka, worker), restPort);
        } catch (IOException e) {
            kafka.close();
            throw e;
        }
    }

    private static List<String> settings(int kafkaPort, int restPort, Path plugins) {
        return List.of(
                "bootstrap.servers=127.0.0.1:" + kafkaPort,
                "group.id=connect-cluster",
                "key.converter=org.apache.kafka.connect.json.JsonConverter",
                "value.converter=org.apache.kafka.connect.json.JsonConverter",
                "key.converter.schemas.enable=true",
                "value.converter.schemas.enable=true",
                "offset.storage.topic=connect-offsets",
                "offset.storage.replication.factor=1",
                "config.storage.topic=connect-configs",
                "config.storage.replication.factor=1",
                "status.storage.topic=connect-status",
                "status.storage.replication.factor=1",
                "offset.flush.interval.ms=10000",
                "listeners=http://127.0.0.1:" + restPort,
                "plugin.path=" + plugins);
    }
}
