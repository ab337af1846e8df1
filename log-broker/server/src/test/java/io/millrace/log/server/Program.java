package io.millrace.log.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class Program {

    private static final long SECONDS_MAX = 300;

    private Program() {}

    /** Gives what it wrote to both of its outputs; fails if it ends with an error or does not end. */
    static String run(List<String> command, String input) throws IOException, InterruptedException {
        Result result = tryRun(command, input);
        if (result.exitCode() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + result.exitCode() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Whether it is there, and ends well. */
    static boolean works(List<String> command) throws InterruptedException {
        try {
            return tryRun(command, "").exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static Result tryRun(List<String> command, String input) throws IOException, InterruptedException {
        Path in = Files.createTempFile("millrace-program", ".in");
        Path out = Files.createTempFile("millrace-program", ".out");
        try {
            Files.writeString(in, input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String output = Files.readString(out, StandardCharsets.UTF_8);
            return new Result(ended ? process.exitValue() : -1, output);
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }

    /** How a program ended: -1 if it had to be killed. */
    record Result(int exitCode, String output) {}
}
