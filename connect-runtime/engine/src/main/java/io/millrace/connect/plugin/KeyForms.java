package io.millrace.connect.plugin;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * Where the runtime's own keys stand in a form: group, place, width and title are those of Kafka Connect, so that
 * programs that draw forms show the same for both.
 */
final class KeyForms {

    static final String TRANSFORMS_GROUP = "Transforms";
    static final String PREDICATES_GROUP = "Predicates";

    private static final String COMMON = "Common";
    private static final String ERRORS = "Error Handling";

    private static final Map<String, Form> FORMS = Map.ofEntries(
            entry(ConnectorKeys.NAME, new Form(COMMON, 1, Width.MEDIUM, "Connector name")),
            entry(ConnectorKeys.CONNECTOR_CLASS, new Form(COMMON, 2, Width.LONG, "Connector class")),
            entry(ConnectorKeys.CONNECTOR_VERSION, new Form(COMMON, 3, Width.MEDIUM, "Connector version")),
            entry(ConnectorKeys.KEY_CONVERTER_VERSION, new Form(COMMON, 7, Width.SHORT, "Key converter version")),
            entry(ConnectorKeys.VALUE_CONVERTER_VERSION, new Form(COMMON, 9, Width.SHORT, "Value converter version")),
            entry(
                    ConnectorKeys.HEADER_CONVERTER_VERSION,
                    new Form(COMMON, 11, Width.SHORT, "Header converter version")),
            entry(ConnectorKeys.TASKS_MAX, new Form(COMMON, 4, Width.SHORT, "Tasks max")),
            entry(ConnectorKeys.TASKS_MAX_ENFORCE, new Form(COMMON, 5, Width.SHORT, "Enforce tasks max")),
            entry(ConnectorKeys.KEY_CONVERTER, new Form(COMMON, 6, Width.SHORT, "Key converter class")),
            entry(ConnectorKeys.VALUE_CONVERTER, new Form(COMMON, 8, Width.SHORT, "Value converter class")),
            entry(ConnectorKeys.HEADER_CONVERTER, new Form(COMMON, 10, Width.SHORT, "Header converter class")),
            entry(ConnectorKeys.TRANSFORMS, new Form(TRANSFORMS_GROUP, 12, Width.LONG, "Transforms")),
            entry(ConnectorKeys.PREDICATES, new Form(PREDICATES_GROUP, 13, Width.LONG, "Predicates")),
            entry(ConnectorKeys.RELOAD, new Form(COMMON, 14, Width.MEDIUM, "Reload Action")),
            entry(QuotaKeys.RECORDS, new Form(COMMON, 30, Width.SHORT, "Records per second")),
            entry(QuotaKeys.BYTES, new Form(COMMON, 31, Width.SHORT, "Bytes per second")),
            entry(QuotaKeys.THREAD, new Form(COMMON, 32, Width.SHORT, "Percent of a core")),
            entry(ScheduleKeys.CRON, new Form(COMMON, 20, Width.MEDIUM, "Schedule")),
            entry(ScheduleKeys.TIMEZONE, new Form(COMMON, 21, Width.MEDIUM, "Time zone of the schedule")),
            entry(ScheduleKeys.MISFIRE, new Form(COMMON, 22, Width.SHORT, "Missed runs")),
            entry(ScheduleKeys.IDLE_MS, new Form(COMMON, 23, Width.SHORT, "Idle time that ends a run")),
            entry(ScheduleKeys.PAUSE_CRON, new Form(COMMON, 24, Width.MEDIUM, "Pauses begin")),
            entry(ScheduleKeys.RESUME_CRON, new Form(COMMON, 25, Width.MEDIUM, "Pauses end")),
            entry(ConnectorKeys.RETRY_TIMEOUT, new Form(ERRORS, 1, Width.MEDIUM, "Retry Timeout for Errors")),
            entry(
                    ConnectorKeys.RETRY_DELAY_MAX,
                    new Form(ERRORS, 2, Width.MEDIUM, "Maximum Delay Between Retries for Errors")),
            entry(ConnectorKeys.TOLERANCE, new Form(ERRORS, 3, Width.SHORT, "Error Tolerance")),
            entry(ConnectorKeys.LOG_ENABLE, new Form(ERRORS, 4, Width.SHORT, "Log Errors")),
            entry(ConnectorKeys.LOG_MESSAGES, new Form(ERRORS, 5, Width.SHORT, "Log Error Details")),
            entry(
                    ConnectorKeys.TOPIC_CREATION_GROUPS,
                    new Form("Topic Creation", 1, Width.LONG, "Topic Creation Groups")),
            entry(ConnectorKeys.EXACTLY_ONCE, new Form("Exactly Once Support", 2, Width.SHORT, "Exactly once support")),
            entry(
                    ConnectorKeys.TRANSACTION_BOUNDARY,
                    new Form("Exactly Once Support", 3, Width.SHORT, "Transaction Boundary")),
            entry(
                    ConnectorKeys.TRANSACTION_INTERVAL,
                    new Form("Exactly Once Support", 4, Width.SHORT, "Transaction boundary interval")),
            entry(ConnectorKeys.OFFSETS_TOPIC, new Form("offsets.topic", 1, Width.LONG, "Offsets topic")),
            entry(ConnectorKeys.TOPICS, new Form(COMMON, 4, Width.LONG, "Topics")),
            entry(ConnectorKeys.TOPICS_REGEX, new Form(COMMON, 4, Width.LONG, "Topics regex")),
            entry(ConnectorKeys.DEAD_LETTER_TOPIC, new Form(ERRORS, 6, Width.MEDIUM, "Dead Letter Queue Topic Name")),
            entry(
                    ConnectorKeys.DEAD_LETTER_REPLICATION,
                    new Form(ERRORS, 7, Width.MEDIUM, "Dead Letter Queue Topic Replication Factor")),
            entry(
                    ConnectorKeys.DEAD_LETTER_HEADERS,
                    new Form(ERRORS, 8, Width.MEDIUM, "Enable Error Context Headers")));

    private record Form(String group, int order, Width width, String title) {}

    private KeyForms() {}

    /** The same keys, with their places in a form. */
    static ConfigDef placed(ConfigDef keys) {
        ConfigDef placed = new ConfigDef();
        keys.configKeys().values().forEach(key -> placed.define(placed(key)));
        return placed;
    }

    private static ConfigKey placed(ConfigKey key) {
        Form form = FORMS.get(key.name);
        return form == null ? key : key(key, form, key.defaultValue, null);
    }

    /** The same key with another default, and with values to choose from. */
    static ConfigKey with(ConfigKey key, @Nullable Object defaultValue, Recommender values) {
        Form form = new Form(key.group, key.orderInGroup, key.width, key.displayName);
        return key(key, form, defaultValue, values);
    }

    /** The same key under a prefix. */
    static ConfigKey below(String prefix, ConfigKey key) {
        return new ConfigKey(
                prefix + key.name,
                key.type,
                key.defaultValue,
                key.validator,
                key.importance,
                key.documentation,
                key.group,
                key.orderInGroup,
                key.width,
                key.displayName,
                key.dependents,
                key.recommender,
                false);
    }

    private static ConfigKey key(
            ConfigKey key, Form form, @Nullable Object defaultValue, @Nullable Recommender recommender) {
        return new ConfigKey(
                key.name,
                key.type,
                defaultValue,
                key.validator,
                key.importance,
                key.documentation,
                form.group(),
                form.order(),
                form.width(),
                form.title(),
                List.of(),
                recommender,
                false);
    }
}
