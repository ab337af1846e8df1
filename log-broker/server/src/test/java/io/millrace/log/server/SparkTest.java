package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark structured streaming against a running broker, where its jars were brought, which .ci/run does not. */
class SparkTest {

    private static final Path JARS = Path.of("target/spark");
    private static final Path PROGRAM = Path.of("src/test/spark/SparkCopy.java");

    /** What Spark's own start scripts open to it, as far as it needs it here. */
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    @TempDir
    Path directory;

    @Test
    void copiesATopicOverARestartEachRecordOnce() throws Exception {
        assumeTrue(
                Files.isDirectory(JARS),
                "Spark's jars are not in " + JARS
                        + ": mvn -f log-broker/server/src/test/spark/pom.xml process-resources");
        BrokerConfig config = BrokerConfig.of(directory.resolve("broker"), HostPort.parse("127.0.0.1:0"));
        try (Broker broker = Broker.start(config)) {
            List<String> output = Program.run(command(broker.listenAddress()), "")
                    .lines()
                    .filter(line -> line.startsWith("version ") || line.startsWith("exact "))
                    .toList();

            assertThat(output).hasSize(3);
            assertThat(output.subList(1, 3)).containsOnly("exact true");
            ClientCheck.SPARK.passed(output.getFirst().substring("version ".length()));
        }
    }

    private List<String> command(HostPort broker) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        Stream.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED")
                .forEach(command::add);
        OPENED.forEach(each -> command.add("--add-opens=java.base/" + each + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", JARS.toAbsolutePath() + "/*", PROGRAM.toString()));
        command.addAll(List.of(broker.toString(), directory.resolve("spark").toString()));
        return command;
    }
}
