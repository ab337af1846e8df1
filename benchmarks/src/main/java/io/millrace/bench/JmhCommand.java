package io.millrace.bench;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Single operations of the log's kernel, and turns of the runtime's pipelines. */
@Command(
        name = "jmh",
        description = {
            "Time single operations with JMH: append, lookup by offset and time, batch validation, header parse, and a"
                    + " record's way through a source's and a sink's pipeline.",
            "The line gc.alloc.rate.norm of each tells how many bytes one operation allocates."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  millrace bench jmh", "  millrace bench jmh Append Validation --quick"})
final class JmhCommand implements Callable<Integer> {

    private static final String PACKAGE = "io\\.millrace\\.bench\\.micro\\.";
    private static final TimeValue QUICK = TimeValue.milliseconds(200);

    @Parameters(paramLabel = "NAME", description = "only benchmarks whose class or method has this in its name")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "one short iteration of each: shows that it works, and little else")
    private boolean quick;

    @Override
    public Integer call() throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().addProfiler(GCProfiler.class);
        if (names.isEmpty()) {
            options.include(PACKAGE);
        }
        names.forEach(name -> options.include(PACKAGE + ".*" + name));
        if (quick) {
            options.warmupIterations(1)
                    .warmupTime(QUICK)
                    .measurementIterations(1)
                    .measurementTime(QUICK);
        }
        new Runner(options.build()).run();
        return 0;
    }
}
