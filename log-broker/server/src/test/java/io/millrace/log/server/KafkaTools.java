package io.millrace.log.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs out of the jars of Apache Kafka, of the peer's version, each run in a process of its own. */
final class KafkaTools {

    private static final Path PEER = Path.of("../../connect-runtime/kafka-peer/target");

    /** Kafka's server, console tools, Streams, and all that they need. */
    static final Path JARS = PEER.resolve("lib");

    /** The jar of a client of old, and nothing else. */
    static final Path OLD_CLIENT = PEER.resolve("old-client");

    /** That of their jars. */
    static final String VERSION = "4.3.1";

    private KafkaTools() {}

    /** Skips the test, and says how to make it run, if the jars are not there. */
    static void require() {
        assumeTrue(
                Files.isDirectory(JARS),
                "Kafka's jars are not in " + JARS + ": run the test by Maven, which puts them there");
    }

    /** Gives what the tool wrote to both of its outputs; fails if it ends with an error. */
    static String run(String input, String mainClass, List<String> arguments) throws IOException, InterruptedException {
        return Program.run(command(mainClass, arguments), input);
    }

    /** @param mainClass or the path of a source file, which is compiled as it is started */
    static List<String> command(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // What the first of them has loaded, the others find ready: half of their start is that.
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + Path.of("target", "kafka-tools.jsa").toAbsolutePath(),
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                JARS.toAbsolutePath().normalize() + "/*",
                mainClass));
        command.addAll(arguments);
        return command;
    }
}
