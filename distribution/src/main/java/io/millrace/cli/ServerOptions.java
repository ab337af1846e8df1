package io.millrace.cli;

import io.millrace.log.server.HostPort;
import io.millrace.platform.PlatformConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every verb that runs the platform in the foreground. */
final class ServerOptions {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "millrace-data",
            description = "where the log is kept, and the key of connectors' secrets (default: ${DEFAULT-VALUE})")
    private Path dataDir = Path.of("millrace-data");

    @Option(
            names = "--kafka-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092",
            description = "where Kafka clients connect; port 0 takes any (default: ${DEFAULT-VALUE})")
    private HostPort kafkaListen = HostPort.parse("127.0.0.1:9092");

    @Option(
            names = "--kafka-advertise",
            paramLabel = "HOST:PORT",
            description = "the address clients are told (default: the one they came by)")
    private @Nullable HostPort kafkaAdvertise;

    @Option(
            names = "--rest-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8083",
            description = "where the REST interface listens (default: ${DEFAULT-VALUE})")
    private HostPort restListen = HostPort.parse("127.0.0.1:8083");

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            defaultValue = "broker,connect",
            description = "what to run: broker, connect, or both (default)")
    private Set<PlatformConfig.Role> roles = Set.of(PlatformConfig.Role.values());

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "with --roles connect: the log to use, ours or any Kafka")
    private @Nullable String bootstrap;

    @Option(
            names = "--plugin-path",
            paramLabel = "DIR",
            split = ",",
            description = "directories with more plugins: each folder or jar in them is one, isolated from all others")
    private List<Path> pluginPath = List.of();

    @Option(
            names = "--worker-config",
            paramLabel = "FILE",
            description = "properties with further keys of the connect runtime, such as config.providers")
    private @Nullable Path workerConfig;

    PlatformConfig config() {
        return new PlatformConfig(
                dataDir,
                kafkaListen,
                Optional.ofNullable(kafkaAdvertise),
                restListen,
                roles,
                new PlatformConfig.Connect(
                        Optional.ofNullable(bootstrap), pluginPath, Optional.ofNullable(workerConfig)));
    }
}
