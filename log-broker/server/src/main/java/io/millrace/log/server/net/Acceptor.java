package io.millrace.log.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deals new connections out to the loops in turn, up to the limit. Runs on the loop of the listening socket. */
final class Acceptor extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_MS = 1_000;

    private final List<ShardLoop> loops;
    private final int connectionsMax;
    private final AtomicInteger open = new AtomicInteger();
    private int next;

    Acceptor(List<ShardLoop> loops, int connectionsMax) {
        this.loops = loops;
        this.connectionsMax = connectionsMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel client = (Channel) message;
        if (open.get() >= connectionsMax) {
            loops.getFirst().counters().connectionsRefused.add(1);
            client.unsafe().closeForcibly();
            return;
        }
        open.incrementAndGet();
        var _ = client.closeFuture().addListener(closed -> open.decrementAndGet());
        client.config().setOption(ChannelOption.TCP_NODELAY, true);
        client.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        loops.get(next).adopt(client);
        next = (next + 1) % loops.size();
    }

    /** Accepting failed, as it does when the process has no file descriptors left: tries again a little later. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atWarn()
                .addKeyValue("reason", cause.getMessage())
                .log("Could not accept a connection; no new ones for a second.");
        Channel listener = context.channel();
        listener.config().setAutoRead(false);
        var _ = listener.eventLoop()
                .schedule(() -> listener.config().setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
    }
}
