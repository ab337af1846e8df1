package io.millrace.log.server.net;

import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.node.Outbox;
import io.millrace.log.quota.ConnectionAdmission;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All loops of a broker, and the socket that clients connect to.
 *
 * <p><b>Life.</b> The threads run from the start. {@link #listen} binds the address, {@link #install} makes the
 * shards, {@link #accept} lets clients in; {@link #close} or {@link #abort} ends all of it. Called from any thread
 * that is not a loop.
 */
public final class Loops implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Loops.class);
    private static final int BACKLOG = 1_024;
    private static final long DRAIN_MS_MAX = 1_500;
    private static final long CLOSE_MS_MAX = 2_500;
    private static final long STOP_MS_MAX = 1_000;

    private final List<ShardLoop> loops;
    private final BrokerClock clock;
    private final ConnectionAdmission admission;
    private @Nullable ServerChannel listener;

    /** Makes what a loop runs, on the thread of that loop. */
    public interface TaskMaker {

        LoopTask make(int shard, Outbox outbox);
    }

    /** @param admission of new connections; left to the first loop for good */
    public Loops(int count, NetConfig config, BrokerClock clock, LoopHost host, ConnectionAdmission admission) {
        this.clock = clock;
        this.admission = admission;
        List<ShardLoop> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(new ShardLoop(i, count, config, clock, host));
        }
        loops = List.copyOf(made);
        loops.forEach(ShardLoop::start);
    }

    /**
     * Binds the address. Clients may connect from now on, and wait until {@link #accept}.
     *
     * @param port 0 for any that is free
     * @return the real address
     */
    public InetSocketAddress listen(String host, int port) throws CannotListenException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new CannotListenException(host, port, new UnknownHostException("the host is not known"));
        }
        ServerChannel channel = Transport.best().listener();
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        channel.pipeline().addLast(new Acceptor(loops, clock, admission));
        loops.getFirst().io().register(channel).syncUninterruptibly();
        ChannelFuture bound = channel.bind(address).awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            var _ = channel.close();
            throw new CannotListenException(host, port, failure);
        }
        listener = channel;
        return (InetSocketAddress) channel.localAddress();
    }

    /**
     * Makes the shards, each on its own loop. Whatever is told to the loops after this call reaches the shards, also
     * before they are made.
     */
    public CompletableFuture<Void> install(TaskMaker maker) {
        return each(loop -> loop.install(outbox -> maker.make(loop.index(), outbox), new LoopOutbox(loop, loops)));
    }

    /** Lets clients in. */
    public void accept() {
        ServerChannel channel = listener;
        if (channel == null) {
            throw new IllegalStateException("not listening");
        }
        channel.config().setAutoRead(true);
    }

    /** Tells all shards of a committed batch; {@code proposal} is that of the shard {@code proposer}, -1 for none. */
    public void metadataCommitted(long index, int proposer, long proposal, List<MetadataRecord> records) {
        loops.forEach(loop -> loop.metadataCommitted(index, loop.index() == proposer ? proposal : -1, records));
    }

    public void metadataRefused(int shard, long proposal, String reason) {
        loops.get(shard).metadataRefused(proposal, reason);
    }

    /** What all loops have counted so far. */
    public NetMetrics metrics() {
        return new LoopCountersSum(loops.stream().map(ShardLoop::counters).toList()).metrics();
    }

    /** Stops reading, lets syncs and answers under way end, and closes the shards. Takes a few seconds at most. */
    @Override
    public void close() {
        stopListening();
        await("drain", each(ShardLoop::drain), DRAIN_MS_MAX);
        await("close", each(ShardLoop::closeTask), CLOSE_MS_MAX);
        stop();
    }

    /** Stops at once, as after a bug: the shards are left as they are, for the next start to recover. */
    public void abort() {
        stopListening();
        stop();
    }

    private void stopListening() {
        ServerChannel channel = listener;
        if (channel != null) {
            channel.close().awaitUninterruptibly(STOP_MS_MAX);
        }
    }

    private void stop() {
        loops.forEach(ShardLoop::stop);
        loops.forEach(loop -> {
            if (!loop.join(STOP_MS_MAX)) {
                LOG.atWarn().addKeyValue("loop", loop.index()).log("A loop did not stop in time.");
            }
        });
    }

    private static void await(String what, CompletableFuture<Void> done, long millis) {
        try {
            done.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atWarn().addKeyValue("step", what).log("The broker does not wait longer for its loops.");
        } catch (ExecutionException e) {
            LOG.atError().addKeyValue("step", what).setCause(e.getCause()).log("A loop failed while it was stopped.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Void> each(Function<ShardLoop, CompletableFuture<Void>> work) {
        return CompletableFuture.allOf(loops.stream().map(work).toArray(CompletableFuture[]::new));
    }
}
