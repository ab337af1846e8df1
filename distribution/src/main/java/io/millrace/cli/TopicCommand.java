package io.millrace.cli;

import io.millrace.platform.UserError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Topics of the log: list, create, describe, delete. */
@Command(
        name = "topic",
        description = "List, create, describe and delete topics.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace topic list",
            "  millrace topic create events --partitions 4 --config retention.ms=86400000",
            "  millrace topic describe events",
            "  millrace topic delete events"
        })
final class TopicCommand {

    @Command(description = "Names, partitions and record counts of all topics.", mixinStandardHelpOptions = true)
    void list(
            @Mixin LogAddress log,
            @Option(names = "--internal", description = "also the platform's own topics") boolean internal)
            throws InterruptedException {
        Table table = new Table("TOPIC", "PARTITIONS", "RECORDS");
        log.ask(admin -> {
            var names = new TreeSet<>(admin.listTopics(new ListTopicsOptions().listInternal(internal))
                    .names()
                    .get());
            for (var entry :
                    new TreeMap<>(admin.describeTopics(names).allTopicNames().get()).entrySet()) {
                table.row(entry.getKey(), entry.getValue().partitions().size(), records(admin, entry.getValue()));
            }
            return names;
        });
        table.print(System.out);
    }

    private static long records(Admin admin, TopicDescription topic) throws ExecutionException, InterruptedException {
        var earliest = offsets(admin, topic, OffsetSpec.earliest());
        var latest = offsets(admin, topic, OffsetSpec.latest());
        return latest.entrySet().stream()
                .mapToLong(end -> end.getValue().offset()
                        - Optional.ofNullable(earliest.get(end.getKey()))
                                .map(ListOffsetsResultInfo::offset)
                                .orElse(0L))
                .sum();
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, TopicDescription topic, OffsetSpec spec) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        for (TopicPartitionInfo partition : topic.partitions()) {
            wanted.put(new TopicPartition(topic.name(), partition.partition()), spec);
        }
        return admin.listOffsets(wanted).all().get();
    }

    @Command(description = "Creates a topic.", mixinStandardHelpOptions = true)
    void create(
            @Mixin LogAddress log,
            @Parameters(paramLabel = "TOPIC") String name,
            @Option(names = "--partitions", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
                    int partitions,
            @Option(
                            names = "--config",
                            paramLabel = "KEY=VALUE",
                            description = "a topic config by Kafka's name, as often as needed")
                    Map<String, String> config)
            throws InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
        topic.configs(config == null ? Map.of() : config);
        log.ask(admin -> admin.createTopics(List.of(topic)).all().get());
        System.out.println("created " + name);
    }

    @Command(description = "Partitions, offsets and configs of a topic.", mixinStandardHelpOptions = true)
    void describe(@Mixin LogAddress log, @Parameters(paramLabel = "TOPIC") String name) throws InterruptedException {
        log.ask(admin -> {
            TopicDescription topic =
                    only(admin.describeTopics(List.of(name)).allTopicNames().get());
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            Config config = only(admin.describeConfigs(List.of(resource)).all().get());
            print(
                    topic,
                    config,
                    offsets(admin, topic, OffsetSpec.earliest()),
                    offsets(admin, topic, OffsetSpec.latest()));
            return topic;
        });
    }

    private static void print(
            TopicDescription topic,
            Config config,
            Map<TopicPartition, ListOffsetsResultInfo> earliest,
            Map<TopicPartition, ListOffsetsResultInfo> latest) {
        System.out.println("topic " + topic.name() + ", id " + topic.topicId());
        Table table = new Table("PARTITION", "LEADER", "IN SYNC", "FIRST OFFSET", "NEXT OFFSET");
        for (TopicPartitionInfo partition : topic.partitions()) {
            TopicPartition key = new TopicPartition(topic.name(), partition.partition());
            table.row(
                    partition.partition(),
                    Optional.ofNullable(partition.leader()).map(Node::idString).orElse("none"),
                    partition.isr().stream().map(Node::idString).toList(),
                    offset(earliest, key),
                    offset(latest, key));
        }
        table.print(System.out);
        config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .forEach(entry -> System.out.println(entry.name() + "=" + entry.value()));
    }

    private static <T> T only(Map<?, T> answers) {
        return answers.values().iterator().next();
    }

    private static String offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        ListOffsetsResultInfo info = offsets.get(partition);
        return info == null ? "?" : Long.toString(info.offset());
    }

    @Command(description = "Deletes a topic with all its records.", mixinStandardHelpOptions = true)
    void delete(@Mixin LogAddress log, @Parameters(paramLabel = "TOPIC") String name) throws InterruptedException {
        if (name.startsWith("__")) {
            throw new UserError(name + " is the log's own topic; deleting it would lose every group's position");
        }
        log.ask(admin -> admin.deleteTopics(List.of(name)).all().get());
        System.out.println("deleted " + name);
    }
}
