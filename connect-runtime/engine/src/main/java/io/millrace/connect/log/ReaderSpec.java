package io.millrace.connect.log;

import java.util.Map;

/**
 * How to read as a member of a group.
 *
 * @param groupId the group
 * @param clientId names the reader in the log's own metrics and messages
 * @param topics what to read
 * @param overrides settings of the client that take precedence (Kafka's consumer keys), unvalidated
 */
public record ReaderSpec(String groupId, String clientId, TopicSelection topics, Map<String, String> overrides) {

    public ReaderSpec {
        overrides = Map.copyOf(overrides);
    }
}
