package io.millrace.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The packaged program as a process of its own, run the way a user runs it. */
public final class Program implements AutoCloseable {

    private static final Path LAUNCHER = Path.of("target/millrace/millrace").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Process process;
    private final Path output;
    private final String command;

    private Program(Process process, Path output, String command) {
        this.process = process;
        this.output = output;
        this.command = command;
    }

    /** Starts a verb; what it prints, on either stream, goes to a file in {@code directory}. */
    public static Program start(Path directory, String... arguments) throws IOException {
        return start(LAUNCHER, directory, Map.of(), arguments);
    }

    /** Starts a verb with variables added to the environment. */
    public static Program start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(LAUNCHER, directory, environment, arguments);
    }

    /** Starts a verb of the program that stands elsewhere. */
    public static Program start(Path launcher, Path directory, String... arguments) throws IOException {
        return start(launcher, directory, Map.of(), arguments);
    }

    private static Program start(Path launcher, Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", launcher.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new Program(process, output, String.join(" ", arguments));
    }

    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the output has something that matches, and returns its first group. */
    public String await(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return Awaitility.await(command + " to print " + regex)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> find(pattern), found -> found.isPresent() || !process.isAlive())
                .orElseThrow(() -> new AssertionError(command + " ended early:\n" + output()));
    }

    private Optional<String> find(Pattern pattern) {
        Matcher matcher = pattern.matcher(output());
        return matcher.find()
                ? Optional.of(matcher.groupCount() > 0 ? matcher.group(1) : matcher.group())
                : Optional.empty();
    }

    /** Waits for the end, and returns the exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(command + " did not end:\n" + output());
        }
        return process.exitValue();
    }

    /** What Ctrl-C sends. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL: the process has no chance to do anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
