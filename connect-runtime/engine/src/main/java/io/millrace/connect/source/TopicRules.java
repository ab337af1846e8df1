package io.millrace.connect.source;

import io.millrace.connect.log.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How the topics that a source writes to are made where they do not exist (KIP-158): by the first group that takes the
 * topic in, or else by the connector's defaults, or else by those of the log.
 */
public final class TopicRules {

    /**
     * One group.
     *
     * @param include patterns for names of topics
     * @param exclude patterns for names that do not belong to it, although they are included
     * @param partitions -1: the log's default
     * @param replicationFactor -1: the log's default
     * @param configs settings of the topic
     */
    public record Group(
            List<Pattern> include,
            List<Pattern> exclude,
            int partitions,
            short replicationFactor,
            Map<String, String> configs) {

        private boolean contains(String topic) {
            return matches(include, topic) && !matches(exclude, topic);
        }

        private static boolean matches(List<Pattern> patterns, String topic) {
            return patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
        }
    }

    private final List<Group> groups;

    /** The last group should take in every topic; what none takes in is made by the log's defaults. */
    public TopicRules(List<Group> groups) {
        this.groups = List.copyOf(groups);
    }

    TopicSpec specFor(String topic) {
        return groups.stream()
                .filter(group -> group.contains(topic))
                .findFirst()
                .map(group -> new TopicSpec(topic, group.partitions(), group.replicationFactor(), group.configs()))
                .orElseGet(() -> new TopicSpec(topic, -1, (short) -1, Map.of()));
    }
}
