package io.millrace.bench;

import io.millrace.bench.connect.PluginPath;
import io.millrace.bench.server.KafkaConnect;
import io.millrace.bench.server.KafkaServer;
import io.millrace.bench.server.MillraceConnect;
import io.millrace.bench.server.MillraceServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a build has put what is measured.
 *
 * @param root of the source tree
 */
record SourceTree(Path root) {

    static SourceTree found() {
        return new SourceTree(
                Path.of(System.getProperty("millrace.source", ".")).toAbsolutePath());
    }

    MillraceServer millrace() {
        return new MillraceServer(built("distribution/target/millrace"));
    }

    KafkaServer kafka() {
        return new KafkaServer(peerJars());
    }

    MillraceConnect millraceConnect() {
        return new MillraceConnect(built("distribution/target/millrace"));
    }

    KafkaConnect kafkaConnect() {
        return new KafkaConnect(peerJars());
    }

    /** So many directories with plugins of others, and the one that does nothing. */
    PluginPath pluginPath(int pluginDirectories) {
        return new PluginPath(
                built("connect-runtime/third-party/target/plugins"),
                pluginDirectories,
                built("benchmarks/target").resolve("benchmarks-plugin.jar"));
    }

    private Path peerJars() {
        return built("connect-runtime/kafka-peer/target/lib");
    }

    /** Class path of Kafka's performance tools. */
    String toolsClassPath() {
        return built("benchmarks/target/kafka-tools") + "/*" + File.pathSeparator + peerJars() + "/*";
    }

    private Path built(String name) {
        Path path = root.resolve(name);
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException(
                    "there is no folder " + path + ": run ./millrace bench in a source tree, which builds it");
        }
        return path;
    }
}
