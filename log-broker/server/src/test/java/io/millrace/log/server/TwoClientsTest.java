package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two clients of different making write to the same topics and read them. Java clients before 4.2.0 may send a batch to
 * a partition of another topic (CVE-2026-35554): each record names the topic that it is for, and what both clients see
 * is the broker's doing.
 */
class TwoClientsTest {

    private static final int TOPICS = 5;
    private static final int RECORDS = 2_000;

    @TempDir
    Path directory;

    @Test
    void anomalyA17recordsAreWhereTheyWereSentAsTwoClientsSeeIt() throws Exception {
        assumeTrue(Program.works(List.of("kcat", "-V")), "kcat is not installed: apt-get install kcat");
        assertThat(AppInfoParser.getVersion()).matches("(4\\.[2-9]|4\\.\\d\\d|[5-9]|\\d\\d)\\..*");
        try (Broker broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")))) {
            writeToAll(broker);
            for (int topic = 0; topic < TOPICS; topic++) {
                String name = "routed-" + topic;
                kcat(broker, lines(name), "-P", "-t", name, "-K", "=");
                List<String> expected = expected(topic);

                assertThat(TestClients.readAll(broker, name, 1))
                        .as("as the Java client sees it")
                        .extracting(each -> each.key() + "=" + each.value())
                        .isEqualTo(expected);
                assertThat(kcat(broker, "", "-C", "-q", "-t", name, "-e", "-o", "beginning", "-f", "%k=%s\\n")
                                .lines())
                        .as("as librdkafka sees it")
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    /** One record after the other goes to the next topic, so that batches of all of them are made side by side. */
    private static void writeToAll(Broker broker) {
        try (KafkaProducer<String, String> producer =
                TestClients.producer(broker, Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"))) {
            for (int i = 0; i < TOPICS * RECORDS; i++) {
                String topic = "routed-" + i % TOPICS;
                var _ = producer.send(new ProducerRecord<>(topic, topic, "java " + i));
            }
        }
    }

    private static String lines(String topic) {
        return IntStream.range(0, RECORDS)
                .mapToObj(i -> topic + "=kcat " + i + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> expected(int topic) {
        List<String> expected = new ArrayList<>();
        for (int i = topic; i < TOPICS * RECORDS; i += TOPICS) {
            expected.add("routed-" + topic + "=java " + i);
        }
        lines("routed-" + topic).lines().forEach(expected::add);
        return expected;
    }

    private static String kcat(Broker broker, String input, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("kcat", "-b", broker.listenAddress().toString()));
        command.addAll(List.of(arguments));
        return Program.run(command, input);
    }
}
