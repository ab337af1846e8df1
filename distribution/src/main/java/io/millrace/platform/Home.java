package io.millrace.platform;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the program itself lies: its connectors and its example configs. */
public final class Home {

    private Home() {}

    /** The folder with one folder for each bundled connector. */
    public static Path connectors() {
        return below("connectors");
    }

    public static Path configs() {
        return below("configs");
    }

    private static Path below(String name) {
        String home = System.getProperty("millrace.home");
        if (home == null) {
            throw new UserError(
                    "the program was not started by its launcher: run `millrace`, which says where it lies");
        }
        Path path = Path.of(home, name).toAbsolutePath();
        if (!Files.isDirectory(path)) {
            throw new UserError("the program is not whole: there is no folder " + path + "; unpack or build it again");
        }
        return path;
    }
}
