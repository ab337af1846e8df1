package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {

    @TempDir
    Path directory;

    @Test
    void keepsTopicsAndClusterIdOverARestart() throws Exception {
        String cluster;
        try (Broker broker = start();
                Admin admin = TestClients.admin(broker)) {
            cluster = admin.describeCluster().clusterId().get();
            admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1)))
                    .all()
                    .get();
            assertThat(admin.listTopics().names().get()).containsExactly("orders");
        }
        try (Broker broker = start();
                Admin admin = TestClients.admin(broker)) {
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(cluster);
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("orders"));
        }
    }

    @Test
    void refusesADirectoryThatAnotherBrokerUses() {
        try (Broker broker = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOfSatisfying(
                            BrokerStartException.class,
                            e -> assertThat(e.kind()).isEqualTo(BrokerStartException.Kind.DATA_DIRECTORY_IN_USE))
                    .hasMessageContaining(directory.toString());
            assertThat(broker.failure()).isNotDone();
        }
    }

    @Test
    void refusesAPortThatIsInUse(@TempDir Path other) {
        try (Broker broker = start()) {
            assertThatThrownBy(() -> Broker.start(BrokerConfig.of(other, broker.listenAddress())))
                    .isInstanceOfSatisfying(
                            BrokerStartException.class,
                            e -> assertThat(e.kind()).isEqualTo(BrokerStartException.Kind.ADDRESS_IN_USE))
                    .hasMessageContaining(broker.listenAddress().toString());
        }
    }

    private Broker start() {
        return Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
    }
}
