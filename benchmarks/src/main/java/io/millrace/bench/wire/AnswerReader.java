package io.millrace.bench.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Cuts what a socket gives into answers. */
final class AnswerReader {

    private final ReadableByteChannel channel;
    private ByteBuffer bytes;

    AnswerReader(ReadableByteChannel channel, int bytesInitial) {
        this.channel = channel;
        this.bytes = ByteBuffer.allocateDirect(bytesInitial).limit(0);
    }

    /** The next answer without its size, between position and limit; good until the next call. */
    ByteBuffer next() throws IOException {
        require(Integer.BYTES);
        int size = bytes.getInt();
        require(size);
        ByteBuffer answer = bytes.duplicate().limit(bytes.position() + size);
        bytes.position(bytes.position() + size);
        return answer;
    }

    private void require(int count) throws IOException {
        while (bytes.remaining() < count) {
            makeRoom(count);
            int end = bytes.limit();
            bytes.limit(bytes.capacity());
            int read = channel.read(bytes.slice(end, bytes.capacity() - end));
            bytes.limit(end + Math.max(read, 0));
            if (read < 0) {
                throw new EOFException("the broker has closed the connection");
            }
        }
    }

    private void makeRoom(int count) {
        if (bytes.capacity() - bytes.position() >= count) {
            return;
        }
        if (bytes.capacity() >= count) {
            bytes.compact().flip();
        } else {
            bytes = ByteBuffer.allocateDirect(2 * count).put(bytes).flip();
        }
    }
}
