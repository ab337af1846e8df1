package io.millrace.log.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kafka's own command line tools, of the peer's version, each run in a process of its own. */
final class KafkaTools {

    private static final Path JARS = Path.of("target", "kafka-tools");

    private KafkaTools() {}

    /** Skips the test, and says how to make it run, if the tools are not there. */
    static void require() {
        assumeTrue(
                Files.isDirectory(JARS),
                "Kafka's console tools are not in " + JARS + ": run the test by Maven, which puts them there");
    }

    /** Gives what the tool wrote to both of its outputs; fails if it ends with an error. */
    static String run(String input, String mainClass, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                mainClass));
        command.addAll(arguments);
        return Program.run(command, input);
    }

    private static String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(JARS)) {
            return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
        }
    }
}
