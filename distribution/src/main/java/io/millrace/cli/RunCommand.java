package io.millrace.cli;

import io.millrace.platform.ConnectorFile;
import io.millrace.platform.Platform;
import io.millrace.platform.RestApi;
import io.millrace.platform.Signals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs the platform with connectors from files. */
@Command(
        name = "run",
        description = "Start the platform with the connectors of JSON files, until Ctrl-C or SIGTERM.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace run configs/faker-shop.json",
            "  millrace run configs/postgres-cdc.json configs/s3-parquet.json"
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "a connector, or an array of them, as JSON")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws InterruptedException {
        List<ConnectorFile> connectors = new ArrayList<>();
        files.forEach(file -> connectors.addAll(ConnectorFile.read(file)));
        Signals signals = new Signals();
        try (Platform platform = Platform.start(options.config(), Optional.empty());
                RestApi rest = new RestApi(platform.restUrl())) {
            signals.watch(platform);
            platform.announce(System.out);
            for (ConnectorFile connector : connectors) {
                rest.put(RestApi.connector(connector.name(), "/config"), connector.config());
                System.out.println("connector  " + connector.name());
            }
            signals.await();
        } finally {
            signals.done();
        }
        return 0;
    }
}
