package io.millrace.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What lies where in the demo's data directory. */
final class DemoDirectory {

    private DemoDirectory() {}

    static Path postgres(Path dataDir) {
        return dataDir.resolve("postgres");
    }

    static Path objectStore(Path dataDir) {
        return dataDir.resolve("s3");
    }

    static Path warehouse(Path dataDir) {
        return dataDir.resolve("warehouse.duckdb");
    }

    /** Deletes what an earlier demo left. The process that made it must have ended. */
    static void clear(Path dataDir) throws IOException, InterruptedException {
        PostgresServer.stopLeftBehind(postgres(dataDir));
        Path warehouse = warehouse(dataDir);
        for (Path part : List.of(
                dataDir.resolve("log"),
                postgres(dataDir),
                objectStore(dataDir),
                warehouse,
                warehouse.resolveSibling(warehouse.getFileName() + ".wal"))) {
            delete(part);
        }
    }

    private static void delete(Path part) throws IOException {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(part)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
