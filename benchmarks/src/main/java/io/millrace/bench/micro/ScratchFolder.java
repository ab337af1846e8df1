package io.millrace.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** A folder for the files of one iteration. */
final class ScratchFolder {

    private @Nullable Path path;

    Path fresh() throws IOException {
        delete();
        Path made = Files.createTempDirectory("millrace-jmh");
        path = made;
        return made;
    }

    void delete() throws IOException {
        Path old = path;
        if (old != null) {
            Utils.delete(old.toFile());
            path = null;
        }
    }
}
