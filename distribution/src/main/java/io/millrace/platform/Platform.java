package io.millrace.platform;

import io.millrace.connect.Worker;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker and connect runtime, wired together in one process as its config says. Closed in the opposite order: the
 * runtime commits its positions to a log that still answers.
 */
public final class Platform implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
    private static final Map<String, String> NO_REBALANCE_DELAY = Map.of("group.initial.rebalance.delay.ms", "0");

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
        if (!config.roles().contains(Role.CONNECT)) {
            return new Platform(startBroker(config), null);
        }
        if (!config.roles().contains(Role.BROKER)) {
            return new Platform(
                    null,
                    start(
                            prepareWorker(config, warehouse),
                            config,
                            config.connect().bootstrap().orElseThrow()));
        }
        FutureTask<Broker> starting = new FutureTask<>(() -> startBroker(config));
        Thread.ofPlatform().name("broker-start").start(starting);
        return startBoth(config, warehouse, starting);
    }

    /** The worker takes its address and looks for its plugins while the broker starts. */
    private static Platform startBoth(PlatformConfig config, Optional<Path> warehouse, FutureTask<Broker> starting) {
        Worker.Doorstep doorstep = null;
        try {
            doorstep = prepareWorker(config, warehouse);
        } finally {
            if (doorstep == null) {
                closeStarted(starting);
            }
        }
        Broker broker = null;
        try {
            broker = started(starting);
        } finally {
            if (broker == null) {
                doorstep.close();
            }
        }
        Worker worker = null;
        try {
            worker = start(doorstep, config, reachable(broker.listenAddress()).toString());
            return new Platform(broker, worker);
        } finally {
            if (worker == null) {
                broker.close();
            }
        }
    }

    private static void closeStarted(FutureTask<Broker> starting) {
        try {
            started(starting).close();
        } catch (UserError e) {
            LOG.atDebug().setCause(e).log("the broker did not start either");
        }
    }

    private static Broker started(FutureTask<Broker> starting) {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UserError known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while the broker was starting", e);
        }
    }

    private static Broker startBroker(PlatformConfig config) {
        // The tasks of a sink are all there at once: a group that waits for more members only makes it late.
        BrokerConfig broker = BrokerConfig.of(config.dataDir(), config.kafkaListen())
                .withConfigs(config.roles().contains(Role.CONNECT) ? NO_REBALANCE_DELAY : Map.of());
        try {
            return Broker.start(config.advertised().map(broker::withAdvertised).orElse(broker));
        } catch (BrokerStartException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private static Worker.Doorstep prepareWorker(PlatformConfig config, Optional<Path> warehouse) {
        List<RestExtension> extensions = warehouse
                .map(file -> List.of(new RestExtension("/v1/sql", new SqlService(new Warehouse(file)))))
                .orElse(List.of());
        try {
            return Worker.prepare(WorkerSettings.of(config, Home.connectors(), ""), extensions);
        } catch (WorkerFailure e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private static Worker start(Worker.Doorstep doorstep, PlatformConfig config, String log) {
        try {
            return doorstep.start(WorkerSettings.of(config, Home.connectors(), log));
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
