package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that runs, and what the kernel says of its process. Ends with the program that started it. */
public final class ServerProcess implements AutoCloseable {

    private static final long STOP_SECONDS_MAX = 120;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Process process;
    private final int port;
    private final Path output;
    private final long startNanos;
    private final Thread killer;

    private ServerProcess(Process process, int port, Path output, long startNanos) {
        this.process = process;
        this.port = port;
        this.output = output;
        this.startNanos = startNanos;
        this.killer = new Thread(process::destroyForcibly, "kill " + process.pid());
    }

    static ServerProcess launch(List<String> command, int port, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long startNanos = System.nanoTime();
        ServerProcess started = new ServerProcess(builder.start(), port, output, startNanos);
        Runtime.getRuntime().addShutdownHook(started.killer);
        return started;
    }

    /** Where clients connect, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Since the command was given. */
    public double secondsSinceStart() {
        return (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    }

    /** @throws IOException with what it printed, if it has ended */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("the server ended with " + process.exitValue() + "; it said:\n"
                    + Files.readString(output).strip());
        }
    }

    /** Processor time of all of its threads so far. */
    public double cpuSeconds() throws IOException {
        return ProcFiles.cpuSeconds(process.pid());
    }

    /** Memory that it occupies now, mapped files included. */
    public double residentMegabytes() throws IOException {
        return ProcFiles.residentMegabytes(process.pid());
    }

    /** The most memory that it has occupied so far. */
    double peakMegabytes() throws IOException {
        return ProcFiles.peakMegabytes(process.pid());
    }

    /** SIGTERM, and waits for the end; gives the seconds that took. */
    public double stop() throws IOException, InterruptedException {
        requireAlive();
        long begin = System.nanoTime();
        process.destroy();
        if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IOException("the server did not end within " + STOP_SECONDS_MAX + " s of SIGTERM");
        }
        return (System.nanoTime() - begin) / NANOS_PER_SECOND;
    }

    /** SIGKILL, if it still runs. */
    @Override
    public void close() {
        var _ = process.destroyForcibly().onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The JVM is ending: its hooks run already, and the process has ended too.
            return;
        }
    }
}
