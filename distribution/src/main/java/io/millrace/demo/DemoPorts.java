package io.millrace.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The ports of the demo's own servers. They are free ones, and the same again at the next start, so that connectors
 * that go on before their configs are renewed find what they look for.
 */
final class DemoPorts {

    private final Path file;
    private final Properties ports = new Properties();

    DemoPorts(Path file) {
        this.file = file;
    }

    /** The port that {@code name} had before if it is still free, otherwise another free one. */
    synchronized int of(String name) throws IOException {
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                ports.load(in);
            }
        }
        int port = free(Integer.parseInt(ports.getProperty(name, "0")));
        ports.setProperty(name, Integer.toString(port));
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            ports.store(out, "ports of the demo's servers");
        }
        return port;
    }

    private static int free(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            if (wanted == 0) {
                throw e;
            }
            return free(0);
        }
    }
}
