package io.millrace.platform;

import io.millrace.log.server.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one process runs.
 *
 * @param dataDir where the broker keeps the log, and the connect runtime the key of its secrets
 * @param kafkaListen where Kafka clients connect
 * @param advertised the address that clients are told, where it differs from the one they came by
 * @param restListen where the REST interface listens
 * @param connect what concerns the connect runtime alone
 */
public record PlatformConfig(
        Path dataDir,
        HostPort kafkaListen,
        Optional<HostPort> advertised,
        HostPort restListen,
        Set<Role> roles,
        Connect connect) {

    /**
     * What a connect runtime needs.
     *
     * @param bootstrap the log that a runtime without a broker of its own uses
     * @param pluginPath directories with plugins, besides those that are bundled
     * @param settings a file with further keys
     */
    public record Connect(Optional<String> bootstrap, List<Path> pluginPath, Optional<Path> settings) {

        public Connect {
            pluginPath = List.copyOf(pluginPath);
        }
    }

    /** The parts of the platform, each of which may run alone. */
    public enum Role {
        BROKER,
        CONNECT
    }

    /** Broker and runtime on one data directory, with the bundled plugins. */
    public static PlatformConfig whole(Path dataDir, HostPort kafkaListen, HostPort restListen) {
        return new PlatformConfig(
                dataDir,
                kafkaListen,
                Optional.empty(),
                restListen,
                Set.of(Role.values()),
                new Connect(Optional.empty(), List.of(), Optional.empty()));
    }

    public PlatformConfig {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new UserError("--roles names nothing to run: give broker, connect, or both");
        }
        if (!roles.contains(Role.BROKER) && connect.bootstrap().isEmpty()) {
            throw new UserError("a connect runtime without a broker needs a log: name one by --bootstrap HOST:PORT");
        }
        if (roles.contains(Role.BROKER) && connect.bootstrap().isPresent()) {
            throw new UserError("--bootstrap names another log, which goes with --roles connect only");
        }
    }
}
