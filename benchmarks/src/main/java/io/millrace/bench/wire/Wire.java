package io.millrace.bench.wire;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** A connection to a broker, for whatever is not measured: one request, and its answer. */
final class Wire implements Closeable {

    private static final int TIMEOUT_MS = 120_000;

    private final Socket socket = new Socket();
    private final WritableByteChannel out;
    private final DataInputStream in;
    private int sent;

    Wire(int port) throws IOException {
        boolean connected = false;
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            out = Channels.newChannel(socket.getOutputStream());
            in = new DataInputStream(socket.getInputStream());
            connected = true;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /** Sends a request and reads its answer, up to its body. */
    ByteBufferAccessor call(ApiMessage request, int version) throws IOException {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        short exact = (short) version;
        send(Frames.of(request, exact, 0));
        ByteBufferAccessor answer = new ByteBufferAccessor(receive());
        var _ = new ResponseHeaderData(answer, key.responseHeaderVersion(exact));
        return answer;
    }

    /** Sends a request; answers come in the same order. The frame stays as it is, but for its correlation id. */
    void send(ByteBuffer frame) throws IOException {
        frame.putInt(Frames.CORRELATION_AT, sent++);
        ByteBuffer bytes = frame.duplicate();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Reads an answer, header included. */
    ByteBuffer receive() throws IOException {
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return ByteBuffer.wrap(answer);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
