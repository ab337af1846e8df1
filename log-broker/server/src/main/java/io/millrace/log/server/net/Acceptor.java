package io.millrace.log.server.net;

import io.millrace.log.quota.ConnectionAdmission;
import io.millrace.log.quota.ConnectionAdmission.Verdict;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals new connections out to the loops in turn, as far as they are admitted. Runs on the first loop, which also owns
 * the admission and the listening socket.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_MS = 1_000;
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final List<ShardLoop> loops;
    private final ShardLoop home;
    private final BrokerClock clock;
    private final ConnectionAdmission admission;
    private int next;
    private long lastLogNanos = System.nanoTime() - LOG_INTERVAL_NANOS;

    Acceptor(List<ShardLoop> loops, BrokerClock clock, ConnectionAdmission admission) {
        this.loops = loops;
        this.home = loops.getFirst();
        this.clock = clock;
        this.admission = admission;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel client = (Channel) message;
        String address = LoopConnections.host(client.remoteAddress());
        switch (admission.opened(address, clock.nowMillis())) {
            case Verdict.Taken taken -> {
                pause(context.channel(), taken.pauseMillis());
                take(client, address);
            }
            case Verdict.Refused refused -> {
                home.counters().connectionsRefused.add(1);
                client.unsafe().closeForcibly();
            }
            case Verdict.Throttled throttled -> {
                home.counters().connectionsThrottled.add(1);
                leave(client, address, throttled.millis());
            }
        }
    }

    private void take(Channel client, String address) {
        var _ = client.closeFuture().addListener(closed -> home.post(() -> admission.closed(address)));
        client.config().setOption(ChannelOption.TCP_NODELAY, true);
        client.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        loops.get(next).adopt(client);
        next = (next + 1) % loops.size();
    }

    /** Keeps a client that connects too often waiting before it is told so, by the end of its connection. */
    private void leave(Channel client, String address, long millis) {
        Runnable end = () -> {
            client.unsafe().closeForcibly();
            admission.closed(address);
        };
        var _ = home.io().schedule(end, millis, TimeUnit.MILLISECONDS);
    }

    private static void pause(Channel listener, long millis) {
        if (millis > 0) {
            listener.config().setAutoRead(false);
            var _ = listener.eventLoop()
                    .schedule(() -> listener.config().setAutoRead(true), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Accepting failed, as it does when the process has no file descriptors left: tries again a little later. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        long now = System.nanoTime();
        if (now - lastLogNanos >= LOG_INTERVAL_NANOS) {
            lastLogNanos = now;
            LOG.atWarn()
                    .addKeyValue("reason", cause.getMessage())
                    .log("Could not accept a connection; tried again every second.");
        }
        home.counters().acceptsFailed.add(1);
        pause(context.channel(), PAUSE_MS);
    }
}
