package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * Apache Kafka, one node that is broker and controller, with the JVM flags and the settings that it is shipped with.
 * Its shell scripts, its logging and the formatting of its storage are left out, which is to its advantage.
 */
public final class KafkaServer implements Server {

    /** What {@code kafka-server-start} sets. */
    private static final List<String> HEAP = List.of("-Xmx1G", "-Xms1G");

    /** What {@code kafka-run-class} sets. */
    private static final List<String> JVM_FLAGS = List.of(
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true");

    private final Path jars;

    /** @param jars the directory with all of its jars */
    public KafkaServer(Path jars) {
        this.jars = jars;
    }

    @Override
    public Side side() {
        return Side.PEER;
    }

    @Override
    public ServerProcess start(Path directory) throws IOException {
        int port = Ports.free();
        Path data = directory.resolve("data");
        if (!Files.exists(data)) {
            format(data);
        }
        Path config = Files.write(directory.resolve("server.properties"), settings(data, port, Ports.free()));
        return ServerProcess.launch(command(jars, HEAP, "kafka.Kafka", config), port, directory.resolve("output.txt"));
    }

    /** As {@code kafka-run-class} runs a program of Kafka's. */
    static List<String> command(Path jars, List<String> heap, String program, Path config) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(heap);
        command.addAll(JVM_FLAGS);
        command.addAll(List.of("-cp", jars + "/*", program, config.toString()));
        return command;
    }

    private static List<String> settings(Path data, int port, int controllerPort) {
        return List.of(
                "node.id=1",
                "process.roles=broker,controller",
                "controller.listener.names=CONTROLLER",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + data,
                "num.network.threads=3",
                "num.io.threads=8",
                "socket.send.buffer.bytes=102400",
                "socket.receive.buffer.bytes=102400",
                "socket.request.max.bytes=104857600",
                "num.partitions=1",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "log.segment.bytes=1073741824");
    }

    /** What Kafka's storage tool would write. */
    private static void format(Path data) throws IOException {
        Files.createDirectories(data);
        List<String> lines = List.of(
                "version=1", "node.id=1", "cluster.id=MkU3OEVBNTcwNTJENDM2Qk", "directory.id=" + Uuid.randomUuid());
        Files.write(data.resolve("meta.properties"), lines);
    }

    @Override
    public Map<String, String> topicConfigs(Durability durability) {
        return switch (durability) {
            case PAGE_CACHE -> Map.of();
            // The topic's own form of log.flush.interval.messages=1.
            case EVERY_BATCH_SYNCED -> Map.of("flush.messages", "1");
        };
    }
}
