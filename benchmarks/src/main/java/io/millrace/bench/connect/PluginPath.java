package io.millrace.bench.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A plugin path as workers have it in the field: plugins of others, each in a directory of its own, and ours that does
 * nothing.
 *
 * @param others the directory with plugins of others, a directory each
 * @param count how many directories of others there shall be; they are copies of one another where need be
 * @param noop the jar of {@code io.millrace.bench.plugin}
 */
public record PluginPath(Path others, int count, Path noop) {

    /** Makes a plugin path that nobody has looked at; its jars are links. */
    void lay(Path target) throws IOException {
        List<Path> kinds = entries(others).filter(Files::isDirectory).toList();
        for (int i = 0; i < count; i++) {
            Path kind = kinds.get(i % kinds.size());
            link(entries(kind).toList(), target.resolve(kind.getFileName() + "-" + i / kinds.size()));
        }
        link(List.of(noop), target.resolve("noop"));
    }

    private static Stream<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList().stream();
        }
    }

    private static void link(List<Path> files, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                Files.createSymbolicLink(directory.resolve(file.getFileName()), file.toAbsolutePath());
            }
        }
    }
}
