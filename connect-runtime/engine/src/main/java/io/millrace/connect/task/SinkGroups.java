package io.millrace.connect.task;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.plugin.ConnectorKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** How a sink stands in the log: the group that it reads as, and the topics that it reads. */
public final class SinkGroups {

    private SinkGroups() {}

    /** The group of a sink connector: as Kafka Connect names it, or as its config does. */
    public static String of(String connector, Map<String, String> config) {
        return config.getOrDefault(ConnectorKeys.CONSUMER_PREFIX + "group.id", "connect-" + connector);
    }

    /** The topics that a sink connector with this config reads. */
    public static TopicSelection topics(Map<String, String> config) {
        List<String> names = ConnectorKeys.list(config.getOrDefault(ConnectorKeys.TOPICS, ""));
        if (!names.isEmpty()) {
            return new TopicSelection.Named(names);
        }
        return new TopicSelection.Matching(Pattern.compile(config.getOrDefault(ConnectorKeys.TOPICS_REGEX, "")));
    }

    /** The topics that a sink connector with this config reads now: those that it names, or those that match. */
    public static List<String> topicNames(LogClient log, Map<String, String> config) {
        return switch (topics(config)) {
            case TopicSelection.Named named -> named.topics();
            case TopicSelection.Matching matching -> matching.among(log.topics());
        };
    }

    /** All partitions of those of these topics that exist. */
    public static List<TopicPartition> partitions(LogClient log, Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        log.partitionCounts(topics).forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        });
        return partitions;
    }
}
