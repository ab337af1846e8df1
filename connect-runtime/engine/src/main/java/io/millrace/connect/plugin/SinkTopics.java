package io.millrace.connect.plugin;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigValue;

/** What must hold between the keys that name topics of a sink; no single definition can say it. */
final class SinkTopics {

    private SinkTopics() {}

    static void check(Map<String, String> config, Map<String, ConfigValue> values) {
        List<String> topics = ConnectorKeys.list(config.getOrDefault(ConnectorKeys.TOPICS, ""));
        String regex = config.getOrDefault(ConnectorKeys.TOPICS_REGEX, "").strip();
        if (topics.isEmpty() && regex.isEmpty()) {
            add(values, ConnectorKeys.TOPICS, "Must configure one of topics or topics.regex");
        } else if (!topics.isEmpty() && !regex.isEmpty()) {
            add(values, ConnectorKeys.TOPICS, "topics and topics.regex are mutually exclusive: give one of them");
        }
        String deadLetters =
                config.getOrDefault(ConnectorKeys.DEAD_LETTER_TOPIC, "").strip();
        if (!deadLetters.isEmpty() && (topics.contains(deadLetters) || matches(regex, deadLetters, values))) {
            add(
                    values,
                    ConnectorKeys.DEAD_LETTER_TOPIC,
                    "The dead letter topic %s may not be among the topics that are read".formatted(deadLetters));
        }
    }

    private static boolean matches(String regex, String topic, Map<String, ConfigValue> values) {
        ConfigValue checked = values.get(ConnectorKeys.TOPICS_REGEX);
        boolean usable = checked == null || checked.errorMessages().isEmpty();
        return usable && !regex.isEmpty() && Pattern.matches(regex, topic);
    }

    private static void add(Map<String, ConfigValue> values, String key, String message) {
        values.computeIfAbsent(key, ConfigValue::new).addErrorMessage(message);
    }
}
