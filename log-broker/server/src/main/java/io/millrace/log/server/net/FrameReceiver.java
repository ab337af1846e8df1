package io.millrace.log.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Has the socket of one connection read into the buffer that its frames are cut from. */
final class FrameReceiver extends DefaultMaxMessagesRecvByteBufAllocator {

    /** Reads of one connection in one pass of the loop, so that each client gets its turn. */
    private static final int READS_PER_PASS = 16;

    private final FrameReader frames;

    FrameReceiver(FrameReader frames) {
        super(READS_PER_PASS);
        this.frames = frames;
    }

    // Netty deprecates the type in favour of one that its own channels do not ask for yet.
    @SuppressWarnings("deprecation")
    @Override
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return FrameReader.READ_BUFFER_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return frames.bufferToFill(allocator);
            }
        };
    }
}
