package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.broker.Catalogue;
import io.millrace.bench.broker.SideBySide;
import io.millrace.bench.report.Comparison;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.tool.StockTools;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both programs, as processes, with so few records that nothing is said of their speed. */
class SideBySideIT {

    private static final double SMALL = 0.002;
    private static final SourceTree TREE = new SourceTree(Path.of("..").toAbsolutePath());

    @TempDir
    private Path directory;

    @Test
    void oneRoundMeasuresBothSides() throws Exception {
        List<Scenario> scenarios =
                Catalogue.beginning(List.of("lean-1k-all", "fsync-lean-1k", "latency", "consume-lean", "crowd"));

        List<Comparison> seen;
        try (Folders folders = new Folders(directory)) {
            StockTools tools = new StockTools(TREE.toolsClassPath(), directory);
            SideBySide bench = new SideBySide(List.of(TREE.kafka(), TREE.millrace()), tools, folders, SMALL, silent());
            seen = bench.run(scenarios, 1).comparisons();
        }

        assertThat(seen).extracting(Comparison::scenario).containsAll(names(scenarios));
        assertThat(seen).allSatisfy(each -> {
            assertThat(each.ours())
                    .hasSize(1)
                    .allSatisfy(value -> assertThat(value).isNotNegative());
            assertThat(each.peer())
                    .hasSize(1)
                    .allSatisfy(value -> assertThat(value).isNotNegative());
        });
        assertThat(directory).isDirectoryNotContaining(file -> file.toString().contains("bench"));
    }

    private static List<String> names(List<Scenario> scenarios) {
        return scenarios.stream().map(Scenario::name).toList();
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream());
    }
}
