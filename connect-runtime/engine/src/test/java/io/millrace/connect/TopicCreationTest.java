package io.millrace.connect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Topics that a source writes to first are made as its config says (KIP-158). */
@ParameterizedClass
@EnumSource(WhichLog.class)
class TopicCreationTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    TopicCreationTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private void write(String topic) {
        Map<String, String> config = fixture.source(topic, 5);
        config.put("topic.creation.groups", "small, wide");
        config.put("topic.creation.small.include", "small-.*");
        config.put("topic.creation.small.partitions", "1");
        config.put("topic.creation.wide.include", "small-.*, wide-.*");
        config.put("topic.creation.wide.exclude", "wide-but-.*");
        config.put("topic.creation.wide.partitions", "3");
        config.put("topic.creation.wide.cleanup.policy", "compact");
        config.put("topic.creation.default.partitions", "2");
        config.put("topic.creation.default.replication.factor", "1");
        Path file = fixture.file(topic);
        fixture.create(topic, config);
        fixture.create("reads-" + topic, fixture.sink(topic, file));
        fixture.awaitLines(file, 5);
    }

    private String made(String topic) throws ExecutionException, InterruptedException {
        String name = fixture.name(topic);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.bootstrapServers()))) {
            TopicDescription topicMade = requireNonNull(
                    admin.describeTopics(List.of(name)).allTopicNames().get().get(name));
            Config config = requireNonNull(
                    admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return topicMade.partitions().size() + " "
                    + config.get("cleanup.policy").value();
        }
    }

    @Test
    void theFirstGroupThatTakesATopicInCountsAndElseTheDefaults() throws ExecutionException, InterruptedException {
        write("small");
        write("wide");
        write("wide-but");

        assertThat(made("small")).isEqualTo("1 delete");
        assertThat(made("wide")).isEqualTo("3 compact");
        assertThat(made("wide-but")).isEqualTo("2 delete");
    }
}
