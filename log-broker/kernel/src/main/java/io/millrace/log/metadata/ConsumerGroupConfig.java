package io.millrace.log.metadata;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/**
 * What a broker is told about groups of the consumer protocol (KIP-848): a part of {@link GroupConfig}. Names, units,
 * ranges and defaults are Kafka's.
 */
public final class ConsumerGroupConfig {

    public static final String SESSION_TIMEOUT = "group.consumer.session.timeout.ms";
    public static final String SESSION_TIMEOUT_MIN = "group.consumer.min.session.timeout.ms";
    public static final String SESSION_TIMEOUT_MAX = "group.consumer.max.session.timeout.ms";
    public static final String HEARTBEAT_INTERVAL = "group.consumer.heartbeat.interval.ms";
    public static final String HEARTBEAT_INTERVAL_MIN = "group.consumer.min.heartbeat.interval.ms";
    public static final String HEARTBEAT_INTERVAL_MAX = "group.consumer.max.heartbeat.interval.ms";
    public static final String ASSIGNMENT_INTERVAL = "group.consumer.assignment.interval.ms";
    public static final String ASSIGNMENT_INTERVAL_MIN = "group.consumer.min.assignment.interval.ms";
    public static final String ASSIGNMENT_INTERVAL_MAX = "group.consumer.max.assignment.interval.ms";
    public static final String MEMBERS_MAX = "group.consumer.max.size";
    public static final String ASSIGNORS = "group.consumer.assignors";

    public static final String MIGRATION_POLICY = "group.consumer.migration.policy";

    private static final String BIDIRECTIONAL = "bidirectional";
    private static final String UPGRADE = "upgrade";
    private static final String DOWNGRADE = "downgrade";

    private static final List<String> KNOWN_ASSIGNORS = List.of("uniform", "range");

    private final Map<String, Object> values;

    ConsumerGroupConfig(Map<String, Object> values) {
        this.values = values;
    }

    static ConfigDef addTo(ConfigDef keys) {
        milliseconds(keys, SESSION_TIMEOUT, 45_000, 1, "a member of a consumer group lives without a heartbeat");
        milliseconds(keys, SESSION_TIMEOUT_MIN, 45_000, 1, "a group's own session timeout is at least");
        milliseconds(keys, SESSION_TIMEOUT_MAX, 60_000, 1, "a group's own session timeout is at most");
        milliseconds(keys, HEARTBEAT_INTERVAL, 5_000, 1, "members of consumer groups let pass between heartbeats");
        milliseconds(keys, HEARTBEAT_INTERVAL_MIN, 5_000, 1, "a group's own heartbeat interval is at least");
        milliseconds(keys, HEARTBEAT_INTERVAL_MAX, 15_000, 1, "a group's own heartbeat interval is at most");
        milliseconds(keys, ASSIGNMENT_INTERVAL, 1_000, 0, "an assignment stands before there is another (KIP-1263)");
        milliseconds(keys, ASSIGNMENT_INTERVAL_MIN, 0, 0, "a group's own assignment interval is at least");
        milliseconds(keys, ASSIGNMENT_INTERVAL_MAX, 15_000, 0, "a group's own assignment interval is at most");
        return keys.define(
                        MEMBERS_MAX,
                        ConfigDef.Type.INT,
                        Integer.MAX_VALUE,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Members of one consumer group above which no more are let in.")
                .define(
                        ASSIGNORS,
                        ConfigDef.Type.LIST,
                        KNOWN_ASSIGNORS,
                        ConfigDef.ValidList.in(false, KNOWN_ASSIGNORS.toArray(String[]::new)),
                        Importance.MEDIUM,
                        "Server-side assignors that members may ask for; the first is for those that do not ask.")
                .define(
                        MIGRATION_POLICY,
                        ConfigDef.Type.STRING,
                        BIDIRECTIONAL,
                        ConfigDef.CaseInsensitiveValidString.in(BIDIRECTIONAL, UPGRADE, DOWNGRADE, "disabled"),
                        Importance.MEDIUM,
                        "Which way groups with members change their protocol: classic ones become consumer groups when"
                                + " a member of that protocol joins (upgrade), and classic again when the last such"
                                + " member is gone (downgrade), both (bidirectional), or neither (disabled).");
    }

    private static void milliseconds(ConfigDef keys, String key, int defaultValue, int min, String what) {
        keys.define(
                key,
                ConfigDef.Type.INT,
                defaultValue,
                Range.atLeast(min),
                Importance.MEDIUM,
                "Milliseconds that " + what + ".");
    }

    /** @throws IllegalArgumentException if values contradict each other */
    void validate() {
        requireWithin(SESSION_TIMEOUT_MIN, SESSION_TIMEOUT, SESSION_TIMEOUT_MAX);
        requireWithin(HEARTBEAT_INTERVAL_MIN, HEARTBEAT_INTERVAL, HEARTBEAT_INTERVAL_MAX);
        requireWithin(ASSIGNMENT_INTERVAL_MIN, ASSIGNMENT_INTERVAL, ASSIGNMENT_INTERVAL_MAX);
        if (heartbeatIntervalMs() >= sessionTimeoutMs()) {
            throw new IllegalArgumentException(HEARTBEAT_INTERVAL + " is " + heartbeatIntervalMs() + ", not below "
                    + SESSION_TIMEOUT + ", which is " + sessionTimeoutMs());
        }
    }

    private void requireWithin(String min, String key, String max) {
        if (number(key) < number(min) || number(key) > number(max)) {
            throw new IllegalArgumentException(key + " is " + number(key) + ", not within " + min + " and " + max
                    + ", which are " + number(min) + " and " + number(max));
        }
    }

    public int sessionTimeoutMs() {
        return number(SESSION_TIMEOUT);
    }

    public int heartbeatIntervalMs() {
        return number(HEARTBEAT_INTERVAL);
    }

    /** How long the targets of a group stand before they are computed anew. */
    public int assignmentIntervalMs() {
        return number(ASSIGNMENT_INTERVAL);
    }

    public int membersMax() {
        return number(MEMBERS_MAX);
    }

    /** Names of the assignors that members may ask for, at least one. */
    public List<String> assignors() {
        return ((List<?>) value(ASSIGNORS)).stream().map(String.class::cast).toList();
    }

    /** Whether a classic group with members becomes a consumer group. */
    public boolean mayUpgrade() {
        return hasPolicy(UPGRADE);
    }

    /** Whether a consumer group becomes a classic group with members. */
    public boolean mayDowngrade() {
        return hasPolicy(DOWNGRADE);
    }

    private boolean hasPolicy(String direction) {
        String policy = (String) value(MIGRATION_POLICY);
        return policy.equalsIgnoreCase(BIDIRECTIONAL) || policy.equalsIgnoreCase(direction);
    }

    int number(String key) {
        return (int) value(key);
    }

    private Object value(String key) {
        return Objects.requireNonNull(values.get(key), key);
    }
}
