package io.millrace.log.server.net;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.node.Event;
import io.millrace.log.node.Outbox;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with its sockets and its shard.
 *
 * <p><b>A pass.</b> The loop waits for sockets, tasks or the shard's deadline; steps the shard for every request that
 * is there and every task that was posted; then ends the pass, which starts one group commit for all that was
 * appended; and flushes every connection that was answered, once. What becomes ready meanwhile belongs to the next
 * pass.
 *
 * <p><b>Life.</b> Runs from {@link #start}; {@link #install} gives it its shard; {@link #drain}, {@link #closeTask} and
 * {@link #stop}, in this order and each for all loops of the broker, end it. After a bug it stops by itself.
 */
final class ShardLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);

    /** Posted tasks may keep sockets waiting for this long. */
    private static final long TASK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(5);

    private final int index;
    private final BrokerClock clock;
    private final LoopHost host;
    private final Thread thread;
    private final ManualIoEventLoop io;
    private final LoopCounters counters = new LoopCounters();
    private final LoopConnections connections;
    private final SyncWorker syncs;

    /** Events that came up while the shard was in a step; it is never called from within a call of its own. */
    private final Deque<Event> deferred = new ArrayDeque<>();

    /** Proposals whose outcome the shard has not heard. Each is heard once, whatever the metadata log says later. */
    private final Set<Long> proposals = new HashSet<>();

    private @Nullable LoopTask task;
    private @Nullable CompletableFuture<Void> drained;
    private boolean inTask;
    private boolean installed;
    private boolean stopping;
    private int syncsUnderWay;

    /** @param loops number of loops of the broker */
    ShardLoop(int index, int loops, NetConfig config, BrokerClock clock, LoopHost host) {
        this.index = index;
        this.clock = clock;
        this.host = host;
        this.connections = new LoopConnections(index, loops, config, counters, this::dispatch);
        this.thread =
                Thread.ofPlatform().daemon().name("millrace-loop-" + index).unstarted(this::run);
        this.io = new ManualIoEventLoop(thread, Transport.best().handlers());
        this.syncs = new SyncWorker("millrace-sync-" + index, new SyncResults());
    }

    int index() {
        return index;
    }

    /** To register sockets with. */
    EventLoop io() {
        return io;
    }

    LoopCounters counters() {
        return counters;
    }

    LoopConnections connections() {
        return connections;
    }

    void start() {
        thread.start();
    }

    /** Runs {@code work} on the loop. What it throws stops the node. */
    void post(Runnable work) {
        try {
            io.execute(() -> guard(work));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and its shard with it: there is nobody left to be told.
            LOG.atDebug().addKeyValue("loop", index).setCause(e).log("Dropped work for a loop that has ended.");
        }
    }

    /** Steps the shard from any thread. */
    void postEvent(Event event) {
        post(() -> dispatch(event));
    }

    /** Makes the shard on the loop's own thread, and runs it from then on. */
    CompletableFuture<Void> install(Function<Outbox, LoopTask> maker, LoopOutbox outbox) {
        return call(() -> {
            task = maker.apply(outbox);
            installed = true;
            return null;
        });
    }

    /** Stops reading from clients; completes once every sync is done and every answer is taken. */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        post(() -> {
            connections.drain();
            drained = done;
        });
        return done;
    }

    /** Closes the shard. */
    CompletableFuture<Void> closeTask() {
        return call(() -> {
            LoopTask closing = task;
            task = null;
            if (closing != null) {
                closing.close();
            }
            return null;
        });
    }

    /** Closes all connections and ends the thread. */
    void stop() {
        post(() -> stopping = true);
    }

    /** Whether the thread has ended within {@code millis}. */
    boolean join(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    void adopt(Channel channel) {
        Connection connection = connections.create(channel);
        channel.config().setRecvByteBufAllocator(connection.receiver());
        channel.pipeline().addLast(connection);
        var _ = io().register(channel);
    }

    /** Asks for a sync; the shard hears of its end. */
    void sync(long ticket, DiskFile file) {
        syncsUnderWay++;
        syncs.submit(ticket, file);
    }

    void propose(long proposal, List<MetadataRecord> records) {
        proposals.add(proposal);
        host.propose(index, proposal, records);
    }

    /** A batch is committed; {@code proposal} is -1 unless this shard proposed it. */
    void metadataCommitted(long batch, long proposal, List<MetadataRecord> records) {
        post(() -> dispatch(new Event.MetadataCommitted(batch, proposals.remove(proposal) ? proposal : -1, records)));
    }

    void metadataRefused(long proposal, String reason) {
        post(() -> {
            if (proposals.remove(proposal)) {
                dispatch(new Event.MetadataRefused(proposal, reason));
            }
        });
    }

    private <T> CompletableFuture<T> call(Supplier<@Nullable T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        io.execute(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void run() {
        while (!stopping) {
            guard(this::pass);
        }
        syncs.stop();
        var _ = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        while (!io.isTerminated()) {
            io.runNow();
        }
    }

    private void pass() {
        io.run(waitNanos(), TASK_NANOS_MAX);
        connections.resumePaused();
        LoopTask running = task;
        if (running != null) {
            inTask = true;
            running.endOfPass(clock.nowMillis());
            inTask = false;
            runDeferred(running);
        }
        connections.flush();
        connections.closeIdle();
        if (drained != null && syncsUnderWay == 0 && !connections.hasUntakenAnswers()) {
            drained.complete(null);
        }
    }

    /** As {@link ManualIoEventLoop#run} takes it: below 0 not to wait at all. */
    private long waitNanos() {
        LoopTask running = task;
        if (stopping) {
            return -1;
        }
        long nanos = running == null ? Long.MAX_VALUE : clock.nanosUntil(running.nextDeadline());
        nanos = Math.min(nanos, Math.min(connections.idleCheckNanos(), connections.resumeNanos()));
        return nanos <= 0 ? -1 : nanos;
    }

    private void dispatch(Event event) {
        LoopTask running = task;
        if (inTask || !installed) {
            deferred.add(event);
        } else if (running != null) {
            guard(() -> {
                step(running, event);
                runDeferred(running);
            });
        }
    }

    private void runDeferred(LoopTask running) {
        Event event = deferred.poll();
        while (event != null) {
            step(running, event);
            event = deferred.poll();
        }
    }

    private void step(LoopTask running, Event event) {
        inTask = true;
        running.step(event, clock.nowMillis());
        inTask = false;
    }

    /** Keeps a bug from being swallowed by whoever called us. The shard's state is not to be trusted after one. */
    private void guard(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error bug) {
            crashed(bug);
        }
    }

    private void crashed(Throwable bug) {
        task = null;
        if (!stopping) {
            stopping = true;
            host.stopNode(thread.getName(), bug);
        }
    }

    private final class SyncResults implements SyncWorker.Results {

        @Override
        public void synced(long ticket, long nanos) {
            post(() -> {
                syncsUnderWay--;
                counters.synced(nanos);
                dispatch(new Event.FileSynced(ticket));
            });
        }

        @Override
        public void failed(long ticket, DiskFailure cause) {
            post(() -> {
                syncsUnderWay--;
                counters.syncsFailed.add(1);
                dispatch(new Event.SyncFailed(ticket, cause));
            });
        }

        @Override
        public void crashed(Throwable bug) {
            post(() -> ShardLoop.this.crashed(bug));
        }
    }
}
