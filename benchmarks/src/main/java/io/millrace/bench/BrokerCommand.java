package io.millrace.bench;

import io.millrace.bench.broker.Catalogue;
import io.millrace.bench.broker.SideBySide;
import io.millrace.bench.report.Results;
import io.millrace.bench.report.Title;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.tool.StockTools;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

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
final class BrokerCommand extends SideBySideCommand {

    @Override
    Title title() {
        return new Title("broker", "Millrace's broker beside Apache Kafka's");
    }

    @Override
    List<Scenario> beginning(List<String> beginnings) {
        return Catalogue.beginning(beginnings);
    }

    @Override
    Map<String, String> sides(SourceTree tree) {
        Map<String, String> sides = new LinkedHashMap<>();
        sides.put("Apache Kafka", "4.3.1, settings and JVM flags as shipped");
        sides.put(
                "Millrace",
                "as packaged, broker only, " + (tree.millrace().isRehearsed() ? "with" : "without") + " AOT cache");
        return sides;
    }

    @Override
    Results measure(SourceTree tree, Folders folders, List<Scenario> scenarios, RunOptions with)
            throws IOException, InterruptedException {
        StockTools tools = new StockTools(tree.toolsClassPath(), folders.root());
        return new SideBySide(List.of(tree.kafka(), tree.millrace()), tools, folders, with.scale(), System.err)
                .run(scenarios, with.times());
    }
}
