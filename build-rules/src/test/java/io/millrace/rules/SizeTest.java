package io.millrace.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps methods, files, parameter lists and nesting small enough to be read. There is no list of exceptions. */
class SizeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int FILE_LINES_MAX = 500;
    private static final int METHOD_LINES_MAX = 60;
    private static final int PARAMETERS_MAX = 6;
    private static final int NESTING_MAX = 3;
    private static final int COLUMNS_MAX = 120;

    @Test
    void sourcesStayReadable() throws IOException {
        List<String> tooBig = new ArrayList<>();
        List<Path> sources = sources();
        assertThat(sources).as("Java files below %s", ROOT).isNotEmpty();
        for (Path source : sources) {
            checkLines(source, tooBig);
            for (SourceFile.Method method : SourceFile.methods(source)) {
                checkMethod(source, method, tooBig);
            }
        }
        assertThat(tooBig)
                .as("beyond the size limits: look for the second subject in it and give that a name of its own")
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("/src/"))
                    .sorted()
                    .toList();
        }
    }

    private static void checkLines(Path source, List<String> tooBig) throws IOException {
        List<String> lines = Files.readAllLines(source);
        String name = ROOT.relativize(source).toString();
        if (lines.size() > FILE_LINES_MAX) {
            tooBig.add("%s has %d lines, at most %d".formatted(name, lines.size(), FILE_LINES_MAX));
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > COLUMNS_MAX) {
                tooBig.add("%s:%d has %d columns, at most %d"
                        .formatted(name, i + 1, lines.get(i).length(), COLUMNS_MAX));
            }
        }
    }

    private static void checkMethod(Path source, SourceFile.Method method, List<String> tooBig) {
        String where = "%s:%d %s".formatted(ROOT.relativize(source), method.line(), method.name());
        if (method.lines() > METHOD_LINES_MAX) {
            tooBig.add("%s has %d lines, at most %d".formatted(where, method.lines(), METHOD_LINES_MAX));
        }
        if (method.parameters() > PARAMETERS_MAX) {
            tooBig.add("%s takes %d parameters, at most %d".formatted(where, method.parameters(), PARAMETERS_MAX));
        }
        if (method.nesting() > NESTING_MAX) {
            tooBig.add("%s nests %d deep, at most %d".formatted(where, method.nesting(), NESTING_MAX));
        }
    }
}
