package io.millrace.log.server;

import io.millrace.log.server.disk.DataDirectory;
import io.millrace.log.server.metadata.MetadataLog;
import io.millrace.log.server.net.Loops;
import io.millrace.log.server.net.NetMetrics;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker: data directory, metadata log, event loops with their shards, and the socket.
 *
 * <p><b>Life.</b> {@link #start} returns when clients are served. {@link #close} lets requests under way end, syncs,
 * and leaves a data directory that the next start need not recover; it takes a few seconds at most. After a bug, or a
 * failure that must not be survived, the broker stops by itself, gives everything back, and then {@link #failure}
 * completes: a program that is made of it should say so and end.
 *
 * <p><b>Threads.</b> All methods may be called from any thread. A broker's own threads are daemons.
 */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final DataDirectory directory;
    private final MetadataLog metadata;
    private final Loops loops;
    private final HostPort address;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private boolean closed;

    Broker(DataDirectory directory, MetadataLog metadata, Loops loops, HostPort address, BrokerHost host) {
        this.directory = directory;
        this.metadata = metadata;
        this.loops = loops;
        this.address = address;
        var _ = host.failure().thenAccept(this::stopAfter);
    }

    /**
     * Starts a broker, and waits until clients are served.
     *
     * @throws BrokerStartException if it cannot start; nothing of it is left running then
     */
    public static Broker start(BrokerConfig config) {
        return new BrokerStart(config).run();
    }

    /** Where it listens: the host as configured, the real port. */
    public HostPort listenAddress() {
        return address;
    }

    /**
     * Completes with the cause after the broker has stopped by itself: its sockets are closed then, its data directory
     * may be opened again, and {@link #close} does nothing more. Never completes otherwise, in particular not by
     * {@code close}. What depends on it runs on a thread of its own, and may take its time.
     */
    public CompletableFuture<Throwable> failure() {
        return failure.copy();
    }

    /** What this broker has counted since it started. Cheap; may be called as often as one likes. */
    public NetMetrics metrics() {
        return loops.metrics();
    }

    @Override
    public void close() {
        end(loops::close);
    }

    /** On a thread of its own: who reports a failure is one of those that are ended here. */
    private void stopAfter(Throwable cause) {
        Thread.ofPlatform().daemon().name("millrace-stop").start(() -> {
            try {
                end(loops::abort);
            } finally {
                failure.complete(cause);
            }
        });
    }

    private synchronized void end(Runnable endLoops) {
        if (closed) {
            return;
        }
        closed = true;
        endLoops.run();
        metadata.close();
        try {
            directory.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Could not release the lock on the data directory; it ends with the process.");
        }
    }
}
