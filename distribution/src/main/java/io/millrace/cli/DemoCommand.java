package io.millrace.cli;

import io.millrace.demo.Demo;
import io.millrace.demo.DemoConfig;
import io.millrace.log.server.HostPort;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole platform at work. */
@Command(
        name = "demo",
        description = {
            "See all of it move, from a made-up shop in PostgreSQL to a warehouse and a lake.",
            "The shop's rows are written into PostgreSQL, their changes are captured into the log, and go from there",
            "into a DuckDB file and into Parquet files in S3. PostgreSQL and S3 come along.",
            "Ctrl-C ends it; the same command goes on where it was."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace demo",
            "  millrace demo --rows 100000        ends by itself and holds every copy against the original",
            "  millrace demo --fresh              from an empty data directory"
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "end after N changes of rows, reconcile all copies, and fail on any difference")
    private @Nullable Long rows;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "changes a second (default: 500; with --rows as fast as can be)")
    private @Nullable Long rate;

    @Option(names = "--fresh", description = "delete what an earlier demo left, and start over")
    private boolean fresh;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "millrace-data/demo",
            description = "default: ${DEFAULT-VALUE}")
    private Path dataDir = Path.of("millrace-data/demo");

    @Option(
            names = "--kafka-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092",
            description = "default: ${DEFAULT-VALUE}")
    private HostPort kafkaListen = HostPort.parse("127.0.0.1:9092");

    @Option(
            names = "--rest-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8083",
            description = "default: ${DEFAULT-VALUE}")
    private HostPort restListen = HostPort.parse("127.0.0.1:8083");

    @Override
    public Integer call() throws Exception {
        LogFile.use(dataDir.resolve("millrace.log"));
        DemoConfig config = new DemoConfig(
                dataDir,
                kafkaListen,
                restListen,
                rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
                rate == null ? (rows == null ? 500 : 0) : rate,
                fresh);
        return new Demo(config, System.out).run() ? 0 : 1;
    }
}
