package io.millrace.connect;

import io.millrace.log.server.Broker;
import io.millrace.log.server.BrokerConfig;
import io.millrace.log.server.HostPort;
import java.util.Map;

/** One broker of our own, in the process of the tests. Started once for all tests of a JVM. */
final class OwnBroker {

    private static final Broker SHARED = start();

    private OwnBroker() {}

    private static Broker start() {
        TemporaryFiles files = TemporaryFiles.make("own-broker");
        // As the peer: groups of a test are complete with their first member.
        Broker broker = Broker.start(BrokerConfig.of(files.root(), HostPort.parse("127.0.0.1:0"))
                .withConfigs(Map.of("group.initial.rebalance.delay.ms", "0")));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            broker.close();
            files.delete();
        }));
        return broker;
    }

    static String sharedBootstrapServers() {
        return SHARED.listenAddress().toString();
    }
}
