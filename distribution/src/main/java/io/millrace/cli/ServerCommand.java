package io.millrace.cli;

import io.millrace.platform.Platform;
import io.millrace.platform.Signals;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the platform until it is told to end. */
@Command(
        name = "server",
        description = "Start the broker and the connect runtime, until Ctrl-C or SIGTERM.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace server",
            "  millrace server --data-dir /var/lib/millrace --kafka-listen 0.0.0.0:9092 --rest-listen 0.0.0.0:8083",
            "  millrace server --roles connect --bootstrap kafka.example:9092     on somebody else's Kafka"
        })
final class ServerCommand implements Callable<Integer> {

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        Signals signals = new Signals();
        try (Platform platform = Platform.start(options.config(), Optional.empty())) {
            signals.watch(platform);
            platform.announce(System.out);
            signals.await();
        } finally {
            signals.done();
        }
        return 0;
    }
}
