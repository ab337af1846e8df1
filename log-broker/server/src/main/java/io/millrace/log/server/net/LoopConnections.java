package io.millrace.log.server.net;

import io.millrace.log.node.Event;
import io.millrace.log.node.Reply;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one loop and their open requests. All calls come from the loop's thread.
 *
 * <p>Ids are unique for the process: they grow by the number of loops, so that an id says which loop it belongs to.
 */
final class LoopConnections {

    private static final Logger LOG = LoggerFactory.getLogger(LoopConnections.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int loop;
    private final int loops;
    private final NetConfig config;
    private final LoopCounters counters;
    private final Consumer<Event> events;
    private final RequestMemory memory;
    private final ReplyEncoder encoder = new ReplyEncoder(PooledByteBufAllocator.DEFAULT);
    private final LongObjectMap<Connection> connections = new LongObjectHashMap<>();
    private final LongObjectMap<OpenRequest> requests = new LongObjectHashMap<>();
    private final Set<Connection> paused = new LinkedHashSet<>();
    private final List<Connection> unflushed = new ArrayList<>();
    private long lastId;
    private boolean draining;
    private long nextIdleCheckNanos = System.nanoTime();
    private long lastMalformedLogNanos = System.nanoTime() - LOG_INTERVAL_NANOS;

    LoopConnections(int loop, int loops, NetConfig config, LoopCounters counters, Consumer<Event> events) {
        this.loop = loop;
        this.loops = loops;
        this.config = config;
        this.counters = counters;
        this.events = events;
        this.memory = new RequestMemory(config.requestMemoryMax());
        this.lastId = loop;
    }

    /** The loop that a connection or request belongs to. */
    static int ownerOf(long id, int loops) {
        return (int) (id % loops);
    }

    Connection create(Channel channel) {
        return new Connection(nextId(), this, channel);
    }

    NetConfig config() {
        return config;
    }

    RequestMemory memory() {
        return memory;
    }

    boolean isDraining() {
        return draining;
    }

    void opened(Connection connection) {
        connections.put(connection.id(), connection);
        counters.connectionsOpened.add(1);
        Channel channel = connection.channel();
        events.accept(new Event.ConnectionOpened(
                connection.id(), host(channel.remoteAddress()), host(channel.localAddress())));
    }

    void closed(Connection connection) {
        paused.remove(connection);
        if (connections.remove(connection.id()) != null) {
            counters.connectionsClosed.add(1);
            events.accept(new Event.ConnectionClosed(connection.id()));
        }
    }

    void received(OpenRequest request) {
        long id = nextId();
        requests.put(id, request);
        counters.bytesIn.add(Integer.BYTES + request.frameBytes());
        if (request.frameBytes() >= Short.BYTES) {
            counters.request(request.frame().getShort(request.frame().readerIndex()));
        }
        events.accept(new Event.RequestReceived(
                request.connection().id(), id, request.frame().nioBuffer()));
    }

    void malformed(Connection connection, @Nullable String reason) {
        counters.framesMalformed.add(1);
        long now = System.nanoTime();
        if (now - lastMalformedLogNanos >= LOG_INTERVAL_NANOS) {
            lastMalformedLogNanos = now;
            LOG.atWarn()
                    .addKeyValue("client", host(connection.channel().remoteAddress()))
                    .addKeyValue("reason", reason)
                    .log("Closed a connection that does not speak the Kafka protocol.");
        }
        connection.close();
    }

    void connectionFailed(Connection connection, Throwable cause) {
        LOG.atError()
                .addKeyValue("client", host(connection.channel().remoteAddress()))
                .setCause(cause)
                .log("Closed a connection after an unexpected failure.");
    }

    void paused(Connection connection, boolean pause) {
        if (pause) {
            paused.add(connection);
        } else {
            paused.remove(connection);
        }
    }

    void toFlush(Connection connection) {
        unflushed.add(connection);
    }

    void sent(long bytes) {
        counters.bytesOut.add(bytes);
    }

    /** Ends a request, with or without an answer; the frame goes back to the pool. */
    void end(long requestId, @Nullable Reply reply) {
        OpenRequest request = requests.remove(requestId);
        if (request == null) {
            throw new IllegalStateException("request " + requestId + " has ended before");
        }
        request.frame().release();
        memory.free(request.frameBytes());
        request.connection().ended(request, reply == null ? null : encode(request.connection(), reply));
    }

    /** An answer that cannot be written is a bug in whoever made it, and ends the client that waits for it. */
    private @Nullable EncodedReply encode(Connection connection, Reply reply) {
        try {
            return encoder.encode(reply);
        } catch (RuntimeException bug) {
            String answer = reply.body().getClass().getSimpleName() + " version " + reply.version();
            requestFailed(connection.id(), answer, bug);
            return null;
        }
    }

    /** Stops reading from a client for so long. */
    void mute(long connectionId, long millis) {
        Connection connection = connections.get(connectionId);
        if (connection != null) {
            counters.connectionsMuted.add(1);
            connection.mute(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    /** Ends a connection at the shard's wish. */
    void close(long connectionId, String reason) {
        Connection connection = connections.get(connectionId);
        if (connection != null) {
            malformed(connection, reason);
        }
    }

    /** Ends a connection whose request ran into a bug of ours. */
    void requestFailed(long connectionId, String request, RuntimeException bug) {
        counters.requestsFailed.add(1);
        LOG.atError().addKeyValue("request", request).setCause(bug).log("A request failed; its connection is closed.");
        Connection connection = connections.get(connectionId);
        if (connection != null) {
            connection.close();
        }
    }

    /** Goes on reading from those who were paused and may be read from again. */
    void resumePaused() {
        if (!paused.isEmpty()) {
            for (Connection connection : List.copyOf(paused)) {
                if (connection.mayReadOn()) {
                    connection.readOn();
                }
            }
        }
    }

    /** How long until somebody who is paused may be read from again; below 0 for now. */
    long resumeNanos() {
        long nanos = Long.MAX_VALUE;
        for (Connection connection : paused) {
            if (connection.mayReadOn()) {
                return -1;
            }
            nanos = Math.min(nanos, connection.mutedNanos());
        }
        return nanos;
    }

    /** One flush for each connection that was answered in this pass. */
    void flush() {
        // A flush may close its connection, and that may answer others: those join the end of the list.
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }

    /** Closes who has been idle for too long; looks at most every quarter of that time. */
    void closeIdle() {
        long now = System.nanoTime();
        if (now - nextIdleCheckNanos < 0) {
            return;
        }
        long idleNanosMax = config.idleMax().toNanos();
        nextIdleCheckNanos = now + idleIntervalNanos();
        for (Connection connection : List.copyOf(connections.values())) {
            if (connection.isIdle(now, idleNanosMax)) {
                counters.connectionsIdle.add(1);
                connection.close();
            }
        }
    }

    /** The longest that a pass may wait without missing an idle connection by much. */
    long idleCheckNanos() {
        return connections.isEmpty() ? Long.MAX_VALUE : idleIntervalNanos();
    }

    private long idleIntervalNanos() {
        return Math.clamp(config.idleMax().toNanos() / 4, 1, TimeUnit.SECONDS.toNanos(10));
    }

    /** Takes no more requests from anybody. */
    void drain() {
        draining = true;
        connections.values().forEach(Connection::readOn);
    }

    boolean hasUntakenAnswers() {
        for (Connection connection : connections.values()) {
            if (connection.hasUntakenAnswers()) {
                return true;
            }
        }
        return false;
    }

    private long nextId() {
        lastId += loops;
        return lastId;
    }

    int loop() {
        return loop;
    }

    static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(address);
    }
}
