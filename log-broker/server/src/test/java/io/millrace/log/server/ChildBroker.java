package io.millrace.log.server;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A broker in a JVM of its own. */
final class ChildBroker implements AutoCloseable {

    private static final String LISTENING = "listening ";
    private static final long END_SECONDS_MAX = 120;

    /** The process ended before it said what was waited for. */
    static final class EndedException extends IOException {
        private static final long serialVersionUID = 1L;

        EndedException(String expected) {
            super("the broker's process ended without a line that begins with " + expected);
        }
    }

    private final Process process;
    private final BufferedReader output;
    private final HostPort address;

    /**
     * Waits until the broker serves clients.
     *
     * @param prefix a program, with its arguments, that runs the command behind them; may be empty
     * @param configs of the broker, as key=value
     * @throws EndedException if it ends before
     */
    ChildBroker(Path directory, HostPort listen, List<String> prefix, String... configs) throws IOException {
        this(directory, listen, prefix, "-Xmx256m", configs);
    }

    private ChildBroker(Path directory, HostPort listen, List<String> prefix, String heap, String... configs)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absoluteClassPath(),
                BrokerMain.class.getName(),
                directory.toString(),
                listen.toString()));
        command.addAll(List.of(configs));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        address = HostPort.parse(lineThatBegins(LISTENING).substring(LISTENING.length()));
    }

    /** One with so many megabytes of heap, and as many beside it for buffers. */
    static ChildBroker small(Path directory, HostPort listen, int megabytes, String... configs) throws IOException {
        return new ChildBroker(directory, listen, List.of(), "-Xmx" + megabytes + "m", configs);
    }

    /** Of a prefix that ends in its command. */
    long processId() {
        return process.pid();
    }

    HostPort address() {
        return address;
    }

    /** SIGKILL: no shutdown hook, no flush. */
    void kill() {
        // What a prefix runs goes first: without its tracer it would go on.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        var _ = process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP: from now on it does nothing. */
    void freeze() throws IOException, InterruptedException {
        Program.run(List.of("kill", "-STOP", Long.toString(process.pid())), "");
        Path status = Path.of("/proc", Long.toString(process.pid()), "stat");
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> Files.readString(status).matches("(?s).*\\) T .*"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The next line of its output that begins so. */
    String lineThatBegins(String beginning) throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new EndedException(beginning);
        }
        return line;
    }

    /** Waits until it has ended by itself. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("the broker's process did not end by itself");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }

    static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
