package io.millrace.log.server;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A broker as a process of its own, with its data directory, its address, and configs as key=value for arguments: says
 * where it listens, and runs until its input ends. If the broker stops itself,
 * the process says why and ends with exit code 1.
 */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> configs = Stream.of(args)
                .skip(2)
                .collect(Collectors.toMap(each -> each.split("=", 2)[0], each -> each.split("=", 2)[1]));
        BrokerConfig config =
                BrokerConfig.of(Path.of(args[0]), HostPort.parse(args[1])).withConfigs(configs);
        try (Broker broker = Broker.start(config)) {
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
