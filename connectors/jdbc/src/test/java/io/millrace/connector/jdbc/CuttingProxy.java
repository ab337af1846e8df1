package io.millrace.connector.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy before a PostgreSQL that loses connections when a test says so. */
final class CuttingProxy implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listener;
    private final int serverPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean losingCommitAnswer;

    CuttingProxy(int port, int serverPort) throws IOException {
        this.listener = new ServerSocket(port, 16, InetAddress.getLoopbackAddress());
        this.serverPort = serverPort;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next commit reaches the server, but its answer is lost, and the connection with it. */
    void loseNextCommitAnswer() {
        losingCommitAnswer = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> copy(client, server, true));
                Thread.ofVirtual().start(() -> copy(server, client, false));
            }
        } catch (IOException closed) {
            // the test is over, or refuses connections
        }
    }

    private void copy(Socket from, Socket to, boolean fromClient) {
        byte[] buffer = new byte[BUFFER];
        boolean lost = false;
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                lost |= !fromClient && losingCommitAnswer && holds(buffer, n, "COMMIT");
                if (lost) {
                    losingCommitAnswer = false;
                    return; // closes both ways
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException gone) {
            // one end closed; the other follows
        }
    }

    /** The server tags its answer with the command's name. */
    private static boolean holds(byte[] buffer, int length, String tag) {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(tag);
    }

    /** Closes every connection and accepts no more. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
