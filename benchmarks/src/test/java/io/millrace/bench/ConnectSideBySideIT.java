package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.connect.Catalogue;
import io.millrace.bench.connect.ConnectSideBySide;
import io.millrace.bench.report.Comparison;
import io.millrace.bench.report.Results;
import io.millrace.bench.run.Folders;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both platforms, as processes, with so few records that nothing is said of their speed. */
class ConnectSideBySideIT {

    private static final double SMALL = 0.002;
    private static final SourceTree TREE = new SourceTree(Path.of("..").toAbsolutePath());

    @TempDir
    private Path directory;

    @Test
    void oneRoundMeasuresBothSides() throws Exception {
        Results seen;
        try (Folders folders = new Folders(directory)) {
            ConnectSideBySide bench = new ConnectSideBySide(
                    List.of(TREE.kafkaConnect(), TREE.millraceConnect()),
                    TREE.pluginPath(0),
                    folders,
                    SMALL,
                    new PrintStream(OutputStream.nullOutputStream()));
            seen = bench.run(Catalogue.beginning(List.of("schemas-transforms", "memory")), 1);
        }

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.comparisons())
                .extracting(each -> each.scenario() + " " + each.measure())
                .containsExactly(
                        "schemas-transforms SOURCE",
                        "schemas-transforms SOURCE_CPU",
                        "schemas-transforms SINK",
                        "schemas-transforms SINK_CPU",
                        "memory PEAK");
        assertThat(seen.comparisons()).allSatisfy(ConnectSideBySideIT::hasOneValueOfEachSide);
    }

    private static void hasOneValueOfEachSide(Comparison each) {
        assertThat(each.ours()).hasSize(1);
        assertThat(each.peer()).hasSize(1);
    }
}
