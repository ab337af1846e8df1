package io.millrace.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code millrace bench}, which only a source tree has. */
@Command(
        name = "millrace bench",
        description =
                "Measure: the broker beside Apache Kafka's, the runtime beside Kafka Connect, or single operations.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {BrokerCommand.class, ConnectCommand.class, JmhCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace bench broker --quick          both brokers, few records, one round: does it work?",
            "  millrace bench broker --save           five rounds, and the report into docs/benchmarks",
            "  millrace bench connect --quick         both platforms with a source and a sink that do nothing",
            "  millrace bench jmh Append              JMH, with bytes allocated for each operation"
        })
public final class Bench {

    private Bench() {}

    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new Bench());
        commandLine.setUsageHelpWidth(110);
        commandLine.setExecutionExceptionHandler(Bench::explain);
        if (args.length == 0) {
            commandLine.usage(System.err);
            System.exit(CommandLine.ExitCode.USAGE);
        }
        System.exit(commandLine.execute(args));
    }

    private static int explain(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
        System.err.println("millrace bench: " + failure.getMessage());
        if (!(failure instanceof IllegalArgumentException)) {
            failure.printStackTrace(System.err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
