package io.millrace.connect;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of Apache Kafka's in a process of its own, with its own jars. Ends with the JVM of the tests. */
final class PeerProcess {

    private static final Path LIB = Path.of("../kafka-peer/target/lib");

    private final Process process;
    private final Path log;

    private PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a program.
     *
     * @param files where it logs; deleted when it has ended
     * @param command its main class, and arguments
     */
    static PeerProcess start(TemporaryFiles files, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                LIB.toAbsolutePath() + "/*"));
        line.addAll(List.of(command));
        Path log = files.root().resolve("log");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, files)));
        return new PeerProcess(process, log);
    }

    private static void end(Process process, TemporaryFiles files) {
        try {
            process.destroyForcibly().waitFor();
            files.delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has logged, for the message of a failure. */
    String logged() throws IOException {
        return Files.readString(log);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
