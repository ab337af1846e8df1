package io.millrace.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics as any consumer would. */
final class LogReading {

    private LogReading() {}

    /** Everything that stands in a topic now. */
    static List<ConsumerRecord<String, String>> records(WhichLog log, String topic) {
        return records(log.bootstrapServers(), topic);
    }

    static List<ConsumerRecord<String, String>> records(String log, String topic) {
        return records(log, topic, "read_uncommitted");
    }

    /** Everything that stands in a topic now before the first transaction that is open, without what was aborted. */
    static List<ConsumerRecord<String, String>> committed(WhichLog log, String topic) {
        return records(log.bootstrapServers(), topic, "read_committed");
    }

    private static List<ConsumerRecord<String, String>> records(String log, String topic, String isolation) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                log,
                "isolation.level",
                isolation,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    /** The names of all topics. */
    static Set<String> topics(WhichLog log) {
        return asked(log, admin -> admin.listTopics().names().get());
    }

    /** The names of all groups. */
    static Set<String> groups(WhichLog log) {
        return asked(
                log,
                admin -> admin.listGroups().all().get().stream()
                        .map(GroupListing::groupId)
                        .collect(Collectors.toSet()));
    }

    /** A question to the log. */
    private interface Question<T> {
        T ask(Admin admin) throws InterruptedException, ExecutionException;
    }

    private static <T> T asked(WhichLog log, Question<T> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.bootstrapServers()))) {
            return question.ask(admin);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a topic. */
    static void createTopic(WhichLog log, String topic, int partitions) {
        var _ = asked(
                log,
                admin -> admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                        .all()
                        .get());
    }

    /** The last value under a key; empty where there is none. */
    static List<String> values(WhichLog log, String topic, String key) {
        List<ConsumerRecord<String, String>> found = records(log, topic).stream()
                .filter(record -> key.equals(record.key()) && record.value() != null)
                .toList();
        return found.isEmpty() ? List.of() : List.of(found.getLast().value());
    }

    /** The text of a header; empty where there is none. */
    static String header(ConsumerRecord<String, String> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}
