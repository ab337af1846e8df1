package io.millrace.platform;

import io.millrace.log.server.HostPort;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What one process runs.
 *
 * @param dataDir where the broker keeps the log; unused without {@link Role#BROKER}
 * @param kafkaListen where Kafka clients connect
 * @param advertised the address that clients are told, where it differs from the one they came by
 * @param restListen where the REST interface listens
 * @param bootstrap the log that a runtime without a broker of its own uses
 */
public record PlatformConfig(
        Path dataDir,
        HostPort kafkaListen,
        Optional<HostPort> advertised,
        HostPort restListen,
        Set<Role> roles,
        Optional<String> bootstrap) {

    /** The parts of the platform, each of which may run alone. */
    public enum Role {
        BROKER,
        CONNECT
    }

    public PlatformConfig {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new UserError("--roles names nothing to run: give broker, connect, or both");
        }
        if (!roles.contains(Role.BROKER) && bootstrap.isEmpty()) {
            throw new UserError("a connect runtime without a broker needs a log: name one by --bootstrap HOST:PORT");
        }
        if (roles.contains(Role.BROKER) && bootstrap.isPresent()) {
            throw new UserError("--bootstrap names another log, which goes with --roles connect only");
        }
    }
}
