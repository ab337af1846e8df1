package io.millrace.log.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** A socket to a broker, for bytes that no client library would send. */
final class RawClient implements AutoCloseable {

    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    RawClient(Broker broker) throws IOException {
        this(broker.listenAddress());
    }

    RawClient(HostPort address) throws IOException {
        socket = new Socket(address.host(), address.port());
        socket.setSoTimeout(TIMEOUT_MS);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** A whole request, with its length in front. */
    static byte[] request(short apiVersion, short headerVersion, int correlationId, ApiMessage body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(body.apiKey())
                .setRequestApiVersion(apiVersion)
                .setCorrelationId(correlationId)
                .setClientId("raw");
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + body.size(cache, apiVersion);
        ByteBuffer frame = ByteBuffer.allocate(4 + size).putInt(size);
        ByteBufferAccessor writable = new ByteBufferAccessor(frame);
        header.write(writable, cache, headerVersion);
        body.write(writable, cache, apiVersion);
        return frame.array();
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Reads one answer, without its length. */
    ByteBuffer receive() throws IOException {
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return ByteBuffer.wrap(answer);
    }

    /** Sends until the broker ends the connection, or to the end; then whether the broker ends it as well. */
    boolean sendAllAndEnd(List<byte[]> frames) throws IOException {
        try {
            for (byte[] frame : frames) {
                send(frame);
            }
            socket.shutdownOutput();
        } catch (SocketException e) {
            // Reset: the broker has closed while bytes of ours were under way.
            return true;
        }
        return isClosedByBroker();
    }

    /** Whether the broker ends the connection, reading over whatever it answers before. */
    boolean isClosedByBroker() throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketException e) {
            // Reset: the broker closed while bytes of ours were under way.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
