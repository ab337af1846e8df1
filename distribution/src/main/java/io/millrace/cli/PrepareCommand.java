package io.millrace.cli;

import io.millrace.platform.Rehearsal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Rehearses a start; the launcher has the JVM remember what it took, see JEP 514. */
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

    @Override
    public Integer call() throws IOException, InterruptedException {
        Rehearsal.run();
        return 0;
    }
}
