package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every bench of two sides. */
final class RunOptions {

    private static final double FULL = 1;
    private static final double QUICK = 0.05;
    private static final int ROUNDS = 5;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each side is measured (default: 5, or 1 with --quick)")
    private int rounds;

    @Option(names = "--quick", description = "a twentieth of the records: shows that it works, and little else")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "only scenarios whose names begin so (default: all)")
    private List<String> only = List.of();

    @Option(names = "--list", description = "say what the scenarios are, and run none")
    private boolean list;

    @Option(names = "--save", description = "write the report, as Markdown and JSON, into docs/benchmarks")
    private boolean save;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "where the brokers keep their data meanwhile: the disk that is measured, with 20 GB free"
                    + " (default: benchmarks/target/data)")
    private Path dir = Path.of("");

    int times() {
        return rounds > 0 ? rounds : quick ? 1 : ROUNDS;
    }

    /** Share of the records of a full run. */
    double scale() {
        return quick ? QUICK : FULL;
    }

    /** How the names of the wanted scenarios begin; empty: all are wanted. */
    List<String> only() {
        return only;
    }

    boolean onlyLists() {
        return list;
    }

    boolean saves() {
        return save;
    }

    Path data(SourceTree tree) {
        return dir.toString().isEmpty() ? tree.root().resolve("benchmarks/target/data") : dir;
    }

    /** What a report begins with. */
    Map<String, String> facts() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("rounds", times() + (quick ? ", with a twentieth of the records" : ""));
        return facts;
    }
}
