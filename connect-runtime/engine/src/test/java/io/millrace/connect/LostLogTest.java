package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.log.server.Broker;
import io.millrace.log.server.BrokerConfig;
import io.millrace.log.server.HostPort;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that goes away under a worker. */
class LostLogTest {

    @TempDir
    private Path directory;

    @Test
    void itIsToldOfSourcesAndSinks() {
        Broker broker = Broker.start(BrokerConfig.of(directory.resolve("log"), HostPort.parse("127.0.0.1:0"))
                .withConfigs(Map.of("group.initial.rebalance.delay.ms", "0")));
        Map<String, String> settings =
                Map.of(WorkerConfig.BOOTSTRAP_SERVERS, broker.listenAddress().toString());
        try (broker;
                WorkerFixture fixture = new WorkerFixture(WhichLog.MILLRACE, directory, settings)) {
            fixture.create("numbers", fixture.source("numbers", Integer.MAX_VALUE));
            fixture.create("file", fixture.sink("numbers", directory.resolve("out")));
            await().until(() -> fixture.pipeline("file").path("records_out").asLong() > 0);

            broker.close();

            awaitReason(fixture, "numbers", "the log has not acknowledged");
            awaitReason(fixture, "file", "the log does not answer");
        }
    }

    private static void awaitReason(WorkerFixture fixture, String name, String reason) {
        await().untilAsserted(() -> {
            JsonNode shown = fixture.pipeline(name);
            assertThat(shown.path("state").asText()).as(shown.toString()).isEqualTo("WAITING");
            assertThat(shown.path("reason").asText()).contains(reason);
        });
    }
}
