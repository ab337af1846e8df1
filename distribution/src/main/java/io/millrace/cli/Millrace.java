package io.millrace.cli;

import io.millrace.log.server.HostPort;
import io.millrace.platform.UserError;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.jar.Manifest;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program. Each verb is a class of this package; {@code millrace VERB --help} explains one with examples. */
@Command(
        name = "millrace",
        description = "Connectors and change data capture over a log that speaks the Kafka protocol.",
        mixinStandardHelpOptions = true,
        versionProvider = Millrace.Version.class,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace demo                                        see all of it move",
            "  millrace pipe postgresql://me:pw@host/db ./out       a database into Parquet files",
            "  millrace server --data-dir /var/lib/millrace         broker and connect runtime",
            "  millrace run configs/faker-shop.json                 the same, with connectors from files",
            "  millrace topic list                                  what the log holds",
            "  millrace consume shop.orders --from-beginning        read a topic",
            "  millrace connector status                            how the connectors are",
            "In a source tree: millrace test, millrace format, millrace build, millrace archive; and millrace bench,",
            "which measures the broker beside Apache Kafka (bench broker) and single operations (bench jmh)."
        })
public final class Millrace {

    /** In the order in which they are explained. */
    private static final Map<String, Supplier<Object>> VERBS = verbs();

    private static Map<String, Supplier<Object>> verbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("server", ServerCommand::new);
        verbs.put("run", RunCommand::new);
        verbs.put("demo", DemoCommand::new);
        verbs.put("pipe", PipeCommand::new);
        verbs.put("topic", TopicCommand::new);
        verbs.put("group", GroupCommand::new);
        verbs.put("produce", ProduceCommand::new);
        verbs.put("consume", ConsumeCommand::new);
        verbs.put("connector", ConnectorCommand::new);
        verbs.put("sql", SqlCommand::new);
        verbs.put("prepare", PrepareCommand::new);
        return verbs;
    }

    public static void main(String[] args) {
        bridgeLogging();
        System.exit(run(args));
    }

    /** Helidon logs through java.util.logging: what it has to say goes where everything goes, at the same levels. */
    private static void bridgeLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    static int run(String... args) {
        CommandLine commandLine = commandLine(args);
        return args.length == 0 ? usage(commandLine) : commandLine.execute(args);
    }

    /** The verb that the arguments begin with, ready to be parsed and run; all of them if they begin with none. */
    static CommandLine commandLine(String... args) {
        CommandLine commandLine = new CommandLine(new Millrace());
        VERBS.forEach((verb, command) -> {
            // To look at the options of all takes a good part of the time that a start may take.
            if (args.length == 0 || !VERBS.containsKey(args[0]) || args[0].equals(verb)) {
                commandLine.addSubcommand(verb, command.get());
            }
        });
        commandLine.setExecutionExceptionHandler(Millrace::explain);
        commandLine.registerConverter(HostPort.class, Millrace::hostPort);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpWidth(110);
        return commandLine;
    }

    private static HostPort hostPort(String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    private static int usage(CommandLine commandLine) {
        commandLine.usage(System.err);
        return CommandLine.ExitCode.USAGE;
    }

    /** One sentence for what a person can put right; for anything else, a bug, the trace goes to the log. */
    private static int explain(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.SOFTWARE;
        }
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        System.err.println("millrace: " + sentence(cause));
        if (!(cause instanceof UserError)) {
            LoggerFactory.getLogger(Millrace.class).error("verb failed", failure);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String sentence(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            for (URL manifest :
                    Collections.list(Millrace.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
                var attributes = new Manifest(manifest.openStream()).getMainAttributes();
                if ("Millrace :: distribution".equals(attributes.getValue("Implementation-Title"))) {
                    return new String[] {"millrace " + attributes.getValue("Implementation-Version")};
                }
            }
            return new String[] {"millrace (not packaged)"};
        }
    }
}
