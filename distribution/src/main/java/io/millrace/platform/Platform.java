package io.millrace.platform;

import io.millrace.connect.Worker;
import io.millrace.connect.WorkerConfig;
import io.millrace.connect.WorkerFailure;
import io.millrace.connect.rest.RestExtension;
import io.millrace.log.server.Broker;
import io.millrace.log.server.BrokerConfig;
import io.millrace.log.server.BrokerStartException;
import io.millrace.log.server.HostPort;
import io.millrace.platform.PlatformConfig.Role;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Broker and connect runtime, wired together in one process as its config says. Closed in the opposite order: the
 * runtime commits its positions to a log that still answers.
 */
public final class Platform implements AutoCloseable {

    private final @Nullable Broker broker;
    private final @Nullable Worker worker;

    private Platform(@Nullable Broker broker, @Nullable Worker worker) {
        this.broker = broker;
        this.worker = worker;
    }

    /**
     * Starts what the config names, and returns when it serves.
     *
     * @param warehouse a DuckDB file that this process writes, for queries at {@code /v1/sql}
     * @throws UserError with one sentence, if an address or the data directory is in use, or a log does not answer
     */
    public static Platform start(PlatformConfig config, Optional<Path> warehouse) {
        Broker broker = config.roles().contains(Role.BROKER) ? startBroker(config) : null;
        try {
            String log = broker == null
                    ? config.bootstrap().orElseThrow()
                    : reachable(broker.listenAddress()).toString();
            Worker worker = config.roles().contains(Role.CONNECT) ? startWorker(config, log, warehouse) : null;
            return new Platform(broker, worker);
        } catch (RuntimeException e) {
            if (broker != null) {
                broker.close();
            }
            throw e;
        }
    }

    private static Broker startBroker(PlatformConfig config) {
        BrokerConfig broker = BrokerConfig.of(config.dataDir(), config.kafkaListen());
        try {
            return Broker.start(config.advertised().map(broker::withAdvertised).orElse(broker));
        } catch (BrokerStartException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private static Worker startWorker(PlatformConfig config, String log, Optional<Path> warehouse) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(WorkerConfig.BOOTSTRAP_SERVERS, log);
        keys.put(WorkerConfig.LISTENERS, "http://" + config.restListen());
        keys.put(WorkerConfig.PLUGIN_PATH, Home.plugins().toString());
        List<RestExtension> extensions = warehouse
                .map(file -> List.of(new RestExtension("/v1/sql", new SqlService(new Warehouse(file)))))
                .orElse(List.of());
        try {
            return Worker.start(WorkerConfig.of(keys), extensions);
        } catch (WorkerFailure e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    /** A broker that listens on every interface is reached from here by loopback. */
    private static HostPort reachable(HostPort address) {
        boolean everywhere = address.host().equals("0.0.0.0") || address.host().equals("::");
        return everywhere ? new HostPort("127.0.0.1", address.port()) : address;
    }

    /** Where Kafka clients on this machine connect. */
    public HostPort kafkaAddress() {
        if (broker == null) {
            throw new IllegalStateException("no broker runs in this process");
        }
        return reachable(broker.listenAddress());
    }

    public String restUrl() {
        if (worker == null) {
            throw new IllegalStateException("no connect runtime runs in this process");
        }
        InetSocketAddress address = worker.restAddress();
        return "http://" + reachable(new HostPort(address.getHostString(), address.getPort()));
    }

    /** Says where it listens, a line for each role. */
    public void announce(PrintStream out) {
        if (broker != null) {
            out.println("kafka  " + broker.listenAddress());
        }
        if (worker != null) {
            out.println("rest   " + restUrl());
        }
    }

    /** Completes with the cause if the broker stops by itself; never without a broker. */
    CompletableFuture<Throwable> failure() {
        return broker == null ? new CompletableFuture<>() : broker.failure();
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close();
        }
        if (broker != null) {
            broker.close();
        }
    }
}
