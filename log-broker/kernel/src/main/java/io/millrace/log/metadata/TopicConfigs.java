package io.millrace.log.metadata;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The configs of one topic with the defaults of its broker filled in.
 *
 * <p>A key that is not in the {@link #table} is refused, with the nearest key that is: a config that does nothing would
 * be a lie.
 */
public final class TopicConfigs {

    public static final String LOG_FLUSH = "log.flush";

    private final Map<String, Object> values;

    private TopicConfigs(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * The configs of a topic.
     *
     * @param set valid, as {@link #problem} says
     */
    public static TopicConfigs of(Map<String, String> set, BrokerSettings broker) {
        Map<String, String> withDefaults = new TreeMap<>(broker.topicDefaults());
        withDefaults.putAll(set);
        return new TopicConfigs(TopicKeys.TABLE.parse(withDefaults));
    }

    public static ConfigTable table() {
        return TopicKeys.TABLE;
    }

    /** The broker config that gives the default of a topic config, null if there is none. */
    public static @Nullable String brokerConfig(String topicConfig) {
        List<TopicKeys.Synonym> synonyms = TopicKeys.synonyms(topicConfig);
        return synonyms.isEmpty() ? null : synonyms.getFirst().name();
    }

    /** What is wrong with configs to be set for a topic; null if nothing is. */
    public static @Nullable String problem(Map<String, String> set) {
        String problem = TopicKeys.TABLE.problem(set);
        return problem == null ? lagProblem(set) : problem;
    }

    private static @Nullable String lagProblem(Map<String, String> set) {
        Map<String, Object> parsed = TopicKeys.TABLE.parse(set);
        Object lagMin = Objects.requireNonNull(parsed.get(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG));
        Object lagMax = Objects.requireNonNull(parsed.get(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG));
        return (long) lagMin <= (long) lagMax
                ? null
                : TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG + " " + lagMin + " is larger than "
                        + TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG + " " + lagMax;
    }

    /** The value as it is shown to clients. */
    public String shown(ConfigKey key) {
        return String.valueOf(ConfigTable.shown(key, values.get(key.name)));
    }

    public boolean compacts() {
        return policies().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    public boolean deletes() {
        return policies().contains(TopicConfig.CLEANUP_POLICY_DELETE);
    }

    public LogFlush logFlush() {
        return LogFlush.of(String.valueOf(values.get(LOG_FLUSH)).toLowerCase(Locale.ROOT));
    }

    public boolean logAppendTime() {
        return "LogAppendTime".equals(values.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    }

    /** The value of a key of type INT or LONG. */
    public long number(String key) {
        return ((Number) Objects.requireNonNull(values.get(key), key)).longValue();
    }

    /** The value of a key of type DOUBLE. */
    public double fraction(String key) {
        return ((Number) Objects.requireNonNull(values.get(key), key)).doubleValue();
    }

    private List<?> policies() {
        return (List<?>) Objects.requireNonNull(values.get(TopicConfig.CLEANUP_POLICY_CONFIG));
    }
}
