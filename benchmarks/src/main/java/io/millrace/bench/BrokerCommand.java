package io.millrace.bench;

import io.millrace.bench.broker.Catalogue;
import io.millrace.bench.broker.Folders;
import io.millrace.bench.broker.Scenario;
import io.millrace.bench.broker.SideBySide;
import io.millrace.bench.report.Machine;
import io.millrace.bench.report.Report;
import io.millrace.bench.report.Results;
import io.millrace.bench.server.MillraceServer;
import io.millrace.bench.tool.StockTools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Our broker beside Apache Kafka's. */
@Command(
        name = "broker",
        description = {
            "Run Apache Kafka and Millrace in turn, each alone, with the same clients and the same durability, and hold"
                    + " one against the other: throughput, latency, processor time of the server, start-up, memory.",
            "No absolute figure decides anything: what counts is the ratio of medians."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace bench broker --list",
            "  millrace bench broker --only start,stock-1k,fsync --rounds 3",
            "  millrace bench broker --only restart --save"
        })
final class BrokerCommand implements Callable<Integer> {

    private static final double FULL = 1;
    private static final double QUICK = 0.05;

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

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> scenarios = Catalogue.beginning(only);
        if (list) {
            scenarios.forEach(each -> System.out.printf("%-18s %s%n", each.name(), each.what()));
            return 0;
        }
        SourceTree tree = SourceTree.found();
        if (Machine.isBusy()) {
            System.err.println("other programs are at work on this machine: figures will say less");
        }
        Report report = measure(tree, scenarios);
        System.out.print("\n" + report.text());
        if (save) {
            report.save(tree.root().resolve("docs/benchmarks"));
        }
        return report.failures().isEmpty() ? 0 : 1;
    }

    private Report measure(SourceTree tree, List<Scenario> scenarios) throws IOException, InterruptedException {
        MillraceServer ours = tree.millrace();
        int times = rounds > 0 ? rounds : quick ? 1 : 5;
        Path data = dir.toString().isEmpty() ? tree.root().resolve("benchmarks/target/data") : dir;
        try (Folders folders = new Folders(data)) {
            Map<String, String> facts = facts(data, times, ours);
            StockTools tools = new StockTools(tree.toolsClassPath(), data);
            SideBySide bench =
                    new SideBySide(List.of(tree.kafka(), ours), tools, folders, quick ? QUICK : FULL, System.err);
            Results results = bench.run(scenarios, times);
            Map<String, String> described = new LinkedHashMap<>();
            scenarios.forEach(each -> described.put(each.name(), each.what()));
            return new Report(facts, described, results.comparisons(), results.failures());
        }
    }

    private Map<String, String> facts(Path data, int times, MillraceServer ours) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("rounds", times + (quick ? ", with a twentieth of the records" : ""));
        facts.put("Apache Kafka", "4.3.1, settings and JVM flags as shipped");
        facts.put("Millrace", "as packaged, broker only, " + (ours.isRehearsed() ? "with" : "without") + " AOT cache");
        facts.putAll(Machine.describe(data));
        return facts;
    }
}
