package io.millrace.log.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. Belongs to one loop, as does everything it calls.
 *
 * <p>Requests are given to the shard as they come, and answered in that order, whatever the order in which their
 * answers are made. The client is not read from while it has too many requests open, leaves too much of its answers
 * untaken, or the loop's request memory is used up; what was read from it by then waits in its one read buffer.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** A frame must be whole after so long, and longer by its size at the pace of a very slow network. */
    private static final long HALF_FRAME_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private static final long HALF_FRAME_BYTES_PER_SECOND_MIN = 64 * 1024;

    private final long id;
    private final LoopConnections owner;
    private final Channel channel;
    private final FrameReader frames;
    private final Deque<OpenRequest> requests = new ArrayDeque<>();

    /** Requests not yet answered, and answers that the client has not taken yet. */
    private int inFlight;

    private int untakenAnswers;
    private long unsentBytes;

    /** Request memory charged for the frame that is coming in. */
    private int reservedBytes;

    private long progressNanos = System.nanoTime();

    /** When the frame that is coming in began, or when we went on reading it after a pause of ours. */
    private long frameBeganNanos = System.nanoTime();

    private boolean midFrame;

    /** Until when the client is not read from, because it took more than its quota. */
    private long mutedUntilNanos = System.nanoTime();

    private boolean muted;
    private boolean paused;
    private boolean closed;
    private boolean unflushed;

    Connection(long id, LoopConnections owner, Channel channel) {
        this.id = id;
        this.owner = owner;
        this.channel = channel;
        this.frames = new FrameReader(owner.config().requestBytesMax());
    }

    long id() {
        return id;
    }

    Channel channel() {
        return channel;
    }

    boolean isPaused() {
        return paused;
    }

    boolean hasUntakenAnswers() {
        return untakenAnswers > 0;
    }

    /** Lets the socket read straight into the buffer that the frames are cut from. */
    RecvByteBufAllocator receiver() {
        return new FrameReceiver(frames);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        owner.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        frames.filled((ByteBuf) message);
        progressNanos = System.nanoTime();
        readOn();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        frames.release();
        owner.memory().free(reservedBytes);
        reservedBytes = 0;
        requests.forEach(OpenRequest::dropReply);
        requests.clear();
        owner.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            owner.connectionFailed(this, cause);
        }
        close();
    }

    /** Gives the shard what is there, as far as it may have more, and stops or goes on reading accordingly. */
    void readOn() {
        try {
            while (!closed && !hasEnough()) {
                ByteBuf frame = frames.next(channel.alloc());
                if (frame == null) {
                    break;
                }
                accept(frame);
            }
        } catch (MalformedFrameException e) {
            owner.malformed(this, e.getMessage());
            return;
        }
        if (!closed) {
            noteHalfFrame();
            setPaused(hasEnough() || !reserve());
        }
    }

    private void noteHalfFrame() {
        boolean half = frames.isMidFrame() && !hasEnough();
        if (half && !midFrame) {
            frameBeganNanos = System.nanoTime();
        }
        midFrame = half;
    }

    /** Whether a paused client may go on now. */
    boolean mayReadOn() {
        int needed = reservedBytes > 0 ? 0 : frames.pendingFrameBytes();
        return !hasEnough() && owner.memory().hasRoomFor(needed);
    }

    /** Does not read from the client for so long. */
    void mute(long nanos) {
        long until = System.nanoTime() + nanos;
        if (until - mutedUntilNanos > 0) {
            mutedUntilNanos = until;
        }
        muted = true;
        if (!closed) {
            setPaused(true);
        }
    }

    /** How long the client is still not to be read from, {@link Long#MAX_VALUE} if there is another reason for it. */
    long mutedNanos() {
        long nanos = mutedUntilNanos - System.nanoTime();
        return nanos <= 0 ? Long.MAX_VALUE : nanos;
    }

    private boolean isMuted() {
        if (muted) {
            muted = mutedUntilNanos - System.nanoTime() > 0;
        }
        return muted;
    }

    /** The shard is done with a request; {@code reply} is null if nothing goes out for it. */
    void ended(OpenRequest request, @Nullable EncodedReply reply) {
        if (closed) {
            if (reply != null) {
                reply.release();
            }
            return;
        }
        request.end(reply);
        OpenRequest first = requests.peek();
        while (first != null && first.isEnded()) {
            requests.remove();
            send(first.takeReply());
            first = requests.peek();
        }
    }

    /** Hands all answers written so far to the network. */
    void flush() {
        unflushed = false;
        channel.flush();
    }

    void close() {
        var _ = channel.close();
    }

    /** Whether the client has kept us waiting for longer than it may. */
    boolean isIdle(long nowNanos, long idleNanosMax) {
        if (midFrame && !paused && nowNanos - frameBeganNanos > halfFrameNanosMax(idleNanosMax)) {
            return true;
        }
        boolean waitsForUs = !requests.isEmpty() && untakenAnswers == 0;
        return !waitsForUs && nowNanos - mutedUntilNanos > idleNanosMax && nowNanos - progressNanos > idleNanosMax;
    }

    private long halfFrameNanosMax(long idleNanosMax) {
        long seconds = frames.pendingFrameBytes() / HALF_FRAME_BYTES_PER_SECOND_MIN;
        return Math.min(HALF_FRAME_NANOS_MAX, idleNanosMax) + TimeUnit.SECONDS.toNanos(seconds);
    }

    private void accept(ByteBuf frame) {
        int bytes = frame.readableBytes();
        if (reservedBytes == 0) {
            owner.memory().charge(bytes);
        }
        reservedBytes = 0;
        midFrame = false;
        OpenRequest request = new OpenRequest(this, frame);
        inFlight++;
        requests.add(request);
        owner.received(request);
    }

    private boolean hasEnough() {
        return inFlight >= owner.config().inFlightMax()
                || unsentBytes >= owner.config().unsentBytesMax()
                || owner.isDraining()
                || isMuted();
    }

    /** Charges the frame that is coming in, if it is a large one; false if there is no memory for it now. */
    private boolean reserve() {
        int pending = frames.pendingFrameBytes();
        if (reservedBytes > 0 || pending <= FrameReader.READ_BUFFER_BYTES) {
            return owner.memory().hasRoomFor(0);
        }
        if (!owner.memory().hasRoomFor(pending)) {
            return false;
        }
        owner.memory().charge(pending);
        reservedBytes = pending;
        return true;
    }

    private void setPaused(boolean pause) {
        if (pause != paused) {
            paused = pause;
            frameBeganNanos = System.nanoTime();
            owner.paused(this, pause);
            channel.config().setAutoRead(!pause);
        }
    }

    private void send(@Nullable EncodedReply reply) {
        if (reply == null) {
            inFlight--;
            return;
        }
        untakenAnswers++;
        unsentBytes += reply.memoryBytes();
        int last = reply.parts().size() - 1;
        for (Object part : reply.parts().subList(0, last)) {
            var _ = channel.write(part, channel.voidPromise());
        }
        var _ = channel.write(reply.parts().get(last)).addListener(written -> taken(reply));
        if (!unflushed) {
            unflushed = true;
            owner.toFlush(this);
        }
    }

    private void taken(EncodedReply reply) {
        inFlight--;
        untakenAnswers--;
        unsentBytes -= reply.memoryBytes();
        progressNanos = System.nanoTime();
        owner.sent(reply.totalBytes());
    }
}
