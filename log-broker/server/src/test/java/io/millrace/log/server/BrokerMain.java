package io.millrace.log.server;

import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A broker as a process of its own: says where it listens, and runs until its input ends. If the broker stops itself,
 * the process says why and ends with exit code 1.
 */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        try (Broker broker = Broker.start(BrokerConfig.of(Path.of(args[0]), HostPort.parse(args[1])))) {
            var _ = broker.failure().thenAccept(BrokerMain::end);
            System.out.println("listening " + broker.listenAddress());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void end(Throwable cause) {
        System.out.println("stopped " + cause.getMessage());
        System.exit(1);
    }
}
