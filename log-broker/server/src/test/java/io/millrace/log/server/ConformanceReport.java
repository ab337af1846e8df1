package io.millrace.log.server;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * docs/conformance.md: what it says between two marks is what tests have seen. A test that finds it to say something
 * else fails; with {@code -Dconformance.write=true} it writes it.
 */
final class ConformanceReport {

    private static final Path FILE = Path.of("../../docs/conformance.md");

    /** Two classes of tests may run at a time. */
    private static final Path LOCK = Path.of("target/conformance.lock");

    private static final String END = "<!-- end -->";

    private ConformanceReport() {}

    static boolean isWritten() {
        return Boolean.getBoolean("conformance.write");
    }

    /** Fails if the section does not have exactly these lines, or writes them. */
    static void hold(String section, List<String> lines) throws IOException {
        if (isWritten()) {
            rewrite(section, _ -> lines);
        }
        assertThat(section(section)).isEqualTo(lines);
    }

    /** The lines between the section's marks. */
    static List<String> section(String name) throws IOException {
        List<String> all = Files.readAllLines(FILE);
        int begin = begin(all, name);
        return List.copyOf(all.subList(begin, end(all, begin)));
    }

    static synchronized void rewrite(String section, UnaryOperator<List<String>> change) throws IOException {
        Files.createDirectories(LOCK.getParent());
        try (FileChannel channel = FileChannel.open(LOCK, CREATE, WRITE);
                FileLock _ = channel.lock()) {
            List<String> all = new ArrayList<>(Files.readAllLines(FILE));
            int begin = begin(all, section);
            List<String> lines = all.subList(begin, end(all, begin));
            List<String> changed = change.apply(List.copyOf(lines));
            lines.clear();
            lines.addAll(changed);
            Files.write(FILE, all);
        }
    }

    private static int begin(List<String> all, String section) {
        int mark = all.indexOf("<!-- " + section + " -->");
        assertThat(mark).as("the mark of the section %s in %s", section, FILE).isNotNegative();
        return mark + 1;
    }

    private static int end(List<String> all, int begin) {
        return begin + all.subList(begin, all.size()).indexOf(END);
    }
}
