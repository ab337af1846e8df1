package io.millrace.cli;

import io.millrace.log.server.HostPort;
import io.millrace.pipe.Pipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a database, and every change from then on. */
@Command(
        name = "pipe",
        description = {
            "Copy every table of a database to one place, and then every change, until Ctrl-C.",
            "The same command goes on where it was. It is two connectors made for you: see --dry-run."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace pipe postgresql://me:pw@host/shop ./out                Parquet files in a folder",
            "  millrace pipe postgresql://me:pw@host/shop s3://bucket/prefix   keys from AWS_ACCESS_KEY_ID and so on",
            "  millrace pipe postgresql://me:pw@host/shop duckdb:shop.duckdb   current tables in a DuckDB file",
            "  millrace pipe postgresql://me:pw@host/shop postgresql://me:pw@other/copy",
            "  millrace pipe postgresql://me:pw@host/shop ./out --cleanup      end it for good"
        })
final class PipeCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "postgresql://user:password@host:port/database")
    private String source = "";

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "a folder, s3://bucket/prefix, duckdb:FILE, or a postgresql:// URL")
    private String target = "";

    @Option(names = "--dry-run", description = "print the two connectors as JSON, and do nothing")
    private boolean dryRun;

    @Option(names = "--cleanup", description = "drop the pipe's slot and publication in the source, and its data")
    private boolean cleanup;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "millrace-data/pipes",
            description = "where pipes remember where they are (default: ${DEFAULT-VALUE})")
    private Path dataDir = Path.of("millrace-data/pipes");

    @Option(
            names = "--kafka-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "where Kafka clients connect (default: any free port)")
    private HostPort kafkaListen = HostPort.parse("127.0.0.1:0");

    @Option(
            names = "--rest-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "where the REST interface listens (default: any free port)")
    private HostPort restListen = HostPort.parse("127.0.0.1:0");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Pipe pipe = new Pipe(source, target, dataDir, System.getenv());
        if (dryRun) {
            System.out.println(pipe.json());
        } else if (cleanup) {
            pipe.cleanUp(System.out);
        } else {
            LogFile.use(pipe.dataDir().resolve("millrace.log"));
            pipe.run(kafkaListen, restListen, System.out);
        }
        return 0;
    }
}
