package io.millrace.connect.letters;

import io.millrace.connect.cluster.DesiredConnector;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.sink.LetterHeaders;
import io.millrace.connect.sink.ReplayTopic;
import io.millrace.connect.task.SinkGroups;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the dead letters of one connector are.
 *
 * @param config with values in place of its variables
 * @param topic its dead letter topic, which other connectors may share
 * @param replays the topic of its replays
 * @param group the group of its tasks
 */
record LetterBox(String connector, Map<String, String> config, String topic, ReplayTopic replays, String group) {

    /**
     * @param config with values in place of its variables
     * @throws RequestRefused when the connector has no dead letter topic
     */
    static LetterBox of(DesiredConnector connector, Map<String, String> config) {
        String topic = config.getOrDefault(ConnectorKeys.DEAD_LETTER_TOPIC, "").strip();
        if (topic.isEmpty()) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "Connector %s keeps no dead letters: its config has no %s"
                            .formatted(connector.name(), ConnectorKeys.DEAD_LETTER_TOPIC));
        }
        String name = connector.name();
        return new LetterBox(name, config, topic, ReplayTopic.of(name), SinkGroups.of(name, config));
    }

    /** Whether the letter is the connector's. One that does not say whose it is, is taken for it. */
    boolean isOurs(LetterHeaders told) {
        return told.connector() == null || told.connector().equals(connector);
    }

    /**
     * Where the record of a letter first stood. Where the letter does not tell and the connector reads only one topic,
     * it was that one; null where it reads several.
     */
    ReplayTopic.@Nullable Origin origin(StoredRecord letter, LetterHeaders told) {
        String from = told.topic() == null ? soleTopic() : told.topic();
        return from == null
                ? null
                : new ReplayTopic.Origin(
                        from,
                        told.partition(),
                        told.offset(),
                        LetterHeaders.before(letter.payload().headers()),
                        told.attempts() + 1);
    }

    private @Nullable String soleTopic() {
        List<String> topics = ConnectorKeys.list(config.getOrDefault(ConnectorKeys.TOPICS, ""));
        return topics.size() == 1 ? topics.getFirst() : null;
    }
}
