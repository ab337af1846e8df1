package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program sees of a broker that stops itself. */
class BrokerFailureTest {

    private static final Path SHELL = Path.of("/bin/sh");

    /** No file may grow beyond 80 KiB: the metadata log's is the first that wants to. */
    private static final List<String> SMALL_FILES = List.of(SHELL.toString(), "-c", "ulimit -f 160; exec \"$@\"", "sh");

    private static final int BATCH = 20;

    @TempDir
    Path directory;

    @Test
    void aMetadataLogThatCannotBeWrittenEndsTheProgramAndLosesNoTopic() throws Exception {
        assumeTrue(Files.isExecutable(SHELL), "there is no " + SHELL + " to limit the size of files with");
        List<String> created = new ArrayList<>();
        try (ChildBroker child = new ChildBroker(directory, new HostPort("127.0.0.1", 0), SMALL_FILES)) {
            createTopics(child, created);
            assertThat(child.lineThatBegins("stopped ")).hasSizeGreaterThan("stopped ".length());
            assertThat(child.exitCode()).isEqualTo(1);
        }
        try (Broker broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
                Admin admin = TestClients.admin(broker)) {
            assertThat(created).isNotEmpty();
            assertThat(admin.listTopics().names().get()).containsAll(created);
            assertThat(broker.failure()).isNotDone();
        }
    }

    /** Until the broker has gone. */
    private static void createTopics(ChildBroker child, List<String> created) throws Exception {
        Map<String, Object> timeouts = Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000,
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        try (Admin admin = Admin.create(TestClients.configs(child.address(), timeouts))) {
            int next = 0;
            while (child.isAlive()) {
                List<NewTopic> topics = IntStream.range(next, next + BATCH)
                        .mapToObj(i -> new NewTopic("topic-" + i + "-" + "x".repeat(200), 1, (short) 1))
                        .toList();
                next += BATCH;
                if (areCreated(admin, topics)) {
                    topics.forEach(topic -> created.add(topic.name()));
                }
            }
        }
    }

    private static boolean areCreated(Admin admin, List<NewTopic> topics) throws InterruptedException {
        try {
            admin.createTopics(topics).all().get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }
}
