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
            addToBoth(values, "Must configure one of topics or topics.regex");
        } else if (!topics.isEmpty() && !regex.isEmpty()) {
            addToBoth(values, "topics and topics.regex are mutually exclusive options, but both are set.");
        }
        String deadLetters =
                config.getOrDefault(ConnectorKeys.DEAD_LETTER_TOPIC, "").strip();
        if (!deadLetters.isEmpty() && topics.contains(deadLetters)) {
            String how = "may not be included in the list of topics ('topics=" + topics + "')";
            add(values, ConnectorKeys.TOPICS, deadLetterError(deadLetters, how));
        }
        if (!deadLetters.isEmpty() && matches(regex, deadLetters, values)) {
            String how = "may not be matched by the regex for the topics ('topics.regex=" + regex + "')";
            add(values, ConnectorKeys.TOPICS_REGEX, deadLetterError(deadLetters, how));
        }
    }

    private static String deadLetterError(String topic, String how) {
        return "The DLQ topic '%s' %s consumed by the connector".formatted(topic, how);
    }

    private static void addToBoth(Map<String, ConfigValue> values, String message) {
        add(values, ConnectorKeys.TOPICS, message);
        add(values, ConnectorKeys.TOPICS_REGEX, message);
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
