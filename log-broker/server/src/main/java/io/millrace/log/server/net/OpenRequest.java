package io.millrace.log.server.net;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A request from its frame to the turn of its answer. Owned by the loop of its connection. */
final class OpenRequest {

    private final Connection connection;
    private final ByteBuf frame;
    private final int frameBytes;
    private boolean ended;
    private @Nullable EncodedReply reply;

    OpenRequest(Connection connection, ByteBuf frame) {
        this.connection = connection;
        this.frame = frame;
        this.frameBytes = frame.readableBytes();
    }

    Connection connection() {
        return connection;
    }

    ByteBuf frame() {
        return frame;
    }

    int frameBytes() {
        return frameBytes;
    }

    boolean isEnded() {
        return ended;
    }

    void end(@Nullable EncodedReply answer) {
        ended = true;
        reply = answer;
    }

    @Nullable
    EncodedReply takeReply() {
        EncodedReply taken = reply;
        reply = null;
        return taken;
    }

    void dropReply() {
        EncodedReply dropped = takeReply();
        if (dropped != null) {
            dropped.release();
        }
    }
}
