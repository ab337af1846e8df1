package io.millrace.bench.run;

import io.millrace.bench.server.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;

/** Folders for the data of what is measured, below one that is deleted at the end. */
public final class Folders implements AutoCloseable {

    private final Path root;

    /** @param parent on the disk that is to be measured; made if there is none */
    public Folders(Path parent) throws IOException {
        Files.createDirectories(parent);
        this.root = Files.createTempDirectory(parent.toAbsolutePath(), "bench");
    }

    public Path root() {
        return root;
    }

    /** An empty folder; whatever the last scenario of that name had left is deleted. */
    public Path fresh(String scenario, Side side) throws IOException {
        Path folder = kept(scenario, side);
        Utils.delete(folder.toFile());
        return Files.createDirectories(folder);
    }

    /** A folder that stays until the end. */
    public Path kept(String scenario, Side side) {
        return root.resolve(scenario + "-" + side);
    }

    public void delete(Path folder) throws IOException {
        Utils.delete(folder.toFile());
    }

    @Override
    public void close() throws IOException {
        Utils.delete(root.toFile());
    }
}
