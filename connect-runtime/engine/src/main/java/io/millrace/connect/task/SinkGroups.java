package io.millrace.connect.task;

import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.plugin.ConnectorKeys;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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
}
