package io.millrace.log.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one connection's bytes into frames: four bytes of length, then as many bytes.
 *
 * <p>The socket reads into the buffer that {@link #bufferToFill} gives out. A frame that lies in it whole becomes a
 * slice; a frame that does not is given a buffer of its own size, into which the socket goes on reading, so that no
 * frame's bytes are copied but for its beginning. Small frames are copied instead, lest a parked one of 100 bytes
 * holds on to a whole read buffer; and so is the small beginning of a frame that the client leaves us waiting for.
 */
final class FrameReader {

    static final int READ_BUFFER_BYTES = 64 * 1024;
    private static final int COPY_BELOW_BYTES = READ_BUFFER_BYTES / 8;
    private static final int BEGINNING_BYTES_MAX = 512;
    private static final int LENGTH_BYTES = Integer.BYTES;

    private final int frameBytesMax;

    /** Holds what was read but not yet given out as a frame; null if there is nothing. */
    private @Nullable ByteBuf buffer;

    FrameReader(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** The buffer for the next read of the socket; the caller owns one reference to it. */
    ByteBuf bufferToFill(ByteBufAllocator allocator) {
        ByteBuf current = buffer;
        if (current == null) {
            return allocator.directBuffer(READ_BUFFER_BYTES, READ_BUFFER_BYTES);
        }
        int needed = Math.max(LENGTH_BYTES + pendingFrameBytes(), current.readableBytes() + 1);
        boolean roomy = current.capacity() > BEGINNING_BYTES_MAX;
        if (roomy && current.capacity() - current.readerIndex() >= needed) {
            return current.retain();
        }
        int capacity = Math.max(needed, current.readableBytes() + READ_BUFFER_BYTES);
        ByteBuf larger = allocator.directBuffer(capacity, capacity);
        larger.writeBytes(current);
        current.release();
        buffer = larger;
        return larger.retain();
    }

    /** Takes over a buffer from {@link #bufferToFill} that the socket has read into. */
    void filled(ByteBuf read) {
        if (buffer == null) {
            buffer = read;
        } else {
            // It is the buffer that is here already, which was given out with a reference of its own.
            read.release();
        }
    }

    /**
     * The next whole frame, without its length, for the caller to release; null if there is none yet.
     *
     * @throws MalformedFrameException if the length is not one of a request
     */
    @Nullable
    ByteBuf next(ByteBufAllocator allocator) throws MalformedFrameException {
        ByteBuf current = buffer;
        if (current == null) {
            return null;
        }
        int readable = current.readableBytes();
        int length = readable < LENGTH_BYTES ? 0 : checkedLength(current.getInt(current.readerIndex()));
        if (readable < LENGTH_BYTES + length) {
            moveToItsOwnBuffer(current, allocator);
            return null;
        }
        current.skipBytes(LENGTH_BYTES);
        ByteBuf frame = cut(current, length, allocator);
        if (!current.isReadable()) {
            release();
        }
        return frame;
    }

    /** Whether a part of a frame is there, and the rest is not. */
    boolean isMidFrame() {
        return buffer != null;
    }

    /** Length of the frame whose beginning is there, 0 if it is not known yet. */
    int pendingFrameBytes() {
        ByteBuf current = buffer;
        return current == null || current.readableBytes() < LENGTH_BYTES ? 0 : current.getInt(current.readerIndex());
    }

    void release() {
        ByteBuf current = buffer;
        buffer = null;
        if (current != null) {
            current.release();
        }
    }

    private void moveToItsOwnBuffer(ByteBuf beginning, ByteBufAllocator allocator) {
        if (beginning.readableBytes() <= BEGINNING_BYTES_MAX && beginning.capacity() > BEGINNING_BYTES_MAX) {
            ByteBuf small = allocator.directBuffer(BEGINNING_BYTES_MAX, BEGINNING_BYTES_MAX);
            small.writeBytes(beginning);
            beginning.release();
            buffer = small;
        }
    }

    private static ByteBuf cut(ByteBuf from, int length, ByteBufAllocator allocator) {
        if (length < COPY_BELOW_BYTES) {
            ByteBuf copy = allocator.directBuffer(length, length);
            copy.writeBytes(from, length);
            return copy;
        }
        return from.readRetainedSlice(length);
    }

    private int checkedLength(int length) throws MalformedFrameException {
        if (length < 0 || length > frameBytesMax) {
            throw new MalformedFrameException(
                    "a frame of " + length + " bytes; at most " + frameBytesMax + " are accepted");
        }
        return length;
    }
}
