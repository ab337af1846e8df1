package io.millrace.connect.source;

import io.millrace.connect.log.LogClient;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Makes each topic before the first record goes to it, and tells of each topic once. */
public final class TopicMaker {

    private final LogClient log;
    private final TopicRules rules;
    private final Consumer<String> onTopic;
    private final Set<String> known = new HashSet<>();

    /**
     * @param onTopic told of every topic that the task writes to
     */
    public TopicMaker(LogClient log, TopicRules rules, Consumer<String> onTopic) {
        this.log = log;
        this.rules = rules;
        this.onTopic = onTopic;
    }

    void ensure(String topic) {
        if (!known.contains(topic)) {
            log.ensureTopic(rules.specFor(topic));
            onTopic.accept(topic);
            known.add(topic);
        }
    }
}
