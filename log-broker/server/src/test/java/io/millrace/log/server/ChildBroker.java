package io.millrace.log.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A broker in a JVM of its own. */
final class ChildBroker implements AutoCloseable {

    private static final String LISTENING = "listening ";
    private static final long END_SECONDS_MAX = 120;

    private final Process process;
    private final BufferedReader output;
    private final HostPort address;

    /** @param prefix a program, with its arguments, that runs the command behind them; may be empty */
    ChildBroker(Path directory, HostPort listen, List<String> prefix) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absoluteClassPath(),
                BrokerMain.class.getName(),
                directory.toString(),
                listen.toString()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        address = HostPort.parse(lineThatBegins(LISTENING).substring(LISTENING.length()));
    }

    HostPort address() {
        return address;
    }

    /** SIGKILL: no shutdown hook, no flush. */
    void kill() {
        var _ = process.destroyForcibly().onExit().join();
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
            throw new AssertionError("the broker's process ended without a line that begins with " + beginning);
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

    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
