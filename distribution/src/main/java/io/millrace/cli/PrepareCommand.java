package io.millrace.cli;

import io.millrace.demo.DemoRehearsal;
import io.millrace.platform.Rehearsal;
import io.millrace.platform.UserError;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Rehearses a start and a small demo; the launcher has the JVM remember what they took, see JEP 514. */
@Command(
        name = "prepare",
        description = {
            "Rehearse a start once, so that every later one is quicker: half the time, and half the work.",
            "A build does so by itself; an unpacked archive needs it once, and again after another JDK was installed."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  millrace prepare")
final class PrepareCommand implements Callable<Integer> {

    private static final String CONNECTORS = "connectors";

    @Parameters(arity = "0..1", hidden = true, description = "The launcher asks for one kind of start after the other.")
    private String what = CONNECTORS;

    @Override
    public Integer call() throws Exception {
        Rehearsal.run();
        if (CONNECTORS.equals(what)) {
            rehearseConnectors();
        }
        return 0;
    }

    private static void rehearseConnectors() throws Exception {
        try {
            DemoRehearsal.run();
        } catch (UserError e) {
            System.err.println(
                    "millrace: the bundled connectors were not rehearsed, so their first records take longer: "
                            + e.getMessage());
        }
    }
}
