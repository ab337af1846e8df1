package io.millrace.bench;

import io.millrace.bench.connect.Catalogue;
import io.millrace.bench.connect.ConnectSideBySide;
import io.millrace.bench.report.Results;
import io.millrace.bench.report.Title;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Scenario;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Our connect runtime on our broker beside Kafka Connect on Apache Kafka. */
@Command(
        name = "connect",
        description = {
            "Run Kafka Connect on Apache Kafka and Millrace in turn, each alone, with one source and one sink that do"
                    + " nothing, and hold one against the other: records per second through converters and"
                    + " transforms, processor time of broker and worker together, start-up, memory.",
            "No absolute figure decides anything: what counts is the ratio of medians."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace bench connect --list",
            "  millrace bench connect --only start --rounds 3",
            "  millrace bench connect --only schemas,json,bytes --save"
        })
final class ConnectCommand extends SideBySideCommand {

    private static final int PLUGIN_DIRECTORIES = 20;

    @Override
    Title title() {
        return new Title("connect", "Millrace beside Kafka Connect on Apache Kafka");
    }

    @Override
    List<Scenario> beginning(List<String> beginnings) {
        return Catalogue.beginning(beginnings);
    }

    @Override
    Map<String, String> sides(SourceTree tree) {
        Map<String, String> sides = new LinkedHashMap<>();
        sides.put(
                "Apache Kafka",
                "4.3.1, broker and distributed worker, settings and JVM flags as shipped, started at the same moment");
        sides.put(
                "Millrace",
                "as packaged, broker and runtime in one process, "
                        + (tree.millrace().isRehearsed() ? "with" : "without") + " AOT cache");
        sides.put("plugin path", PLUGIN_DIRECTORIES + " directories with plugins of others, and one with ours");
        return sides;
    }

    @Override
    Results measure(SourceTree tree, Folders folders, List<Scenario> scenarios, RunOptions with)
            throws IOException, InterruptedException {
        return new ConnectSideBySide(
                        List.of(tree.kafkaConnect(), tree.millraceConnect()),
                        tree.pluginPath(PLUGIN_DIRECTORIES),
                        folders,
                        with.scale(),
                        System.err)
                .run(scenarios, with.times());
    }
}
