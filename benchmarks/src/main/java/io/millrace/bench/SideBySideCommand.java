package io.millrace.bench;

import io.millrace.bench.report.Machine;
import io.millrace.bench.report.Report;
import io.millrace.bench.report.Results;
import io.millrace.bench.report.Title;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that holds one side against the other, and reports. */
abstract class SideBySideCommand implements Callable<Integer> {

    @Mixin
    private RunOptions options = new RunOptions();

    /** What the report is called. */
    abstract Title title();

    /** The scenarios whose names begin with one of these; all if none is given. */
    abstract List<Scenario> beginning(List<String> beginnings);

    /** What runs on either side, by name. */
    abstract Map<String, String> sides(SourceTree tree);

    /** Runs all of it. */
    abstract Results measure(SourceTree tree, Folders folders, List<Scenario> scenarios, RunOptions with)
            throws IOException, InterruptedException;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> scenarios = beginning(options.only());
        if (options.onlyLists()) {
            scenarios.forEach(each -> System.out.printf("%-18s %s%n", each.name(), each.what()));
            return 0;
        }
        SourceTree tree = SourceTree.found();
        if (Machine.isBusy()) {
            System.err.println("other programs are at work on this machine: figures will say less");
        }
        Report report = report(tree, scenarios);
        System.out.print("\n" + report.text());
        if (options.saves()) {
            report.save(tree.root().resolve("docs/benchmarks"));
        }
        return report.failures().isEmpty() ? 0 : 1;
    }

    private Report report(SourceTree tree, List<Scenario> scenarios) throws IOException, InterruptedException {
        Path data = options.data(tree);
        try (Folders folders = new Folders(data)) {
            Map<String, String> facts = new LinkedHashMap<>(options.facts());
            facts.putAll(sides(tree));
            facts.putAll(Machine.describe(data));
            Results results = measure(tree, folders, scenarios, options);
            return new Report(title(), facts, Scenario.described(scenarios), results.comparisons(), results.failures());
        }
    }
}
