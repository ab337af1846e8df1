package io.millrace.log.metadata;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * What single consumer groups have for themselves in place of what the broker says of all of them (KIP-848). A value
 * that was set under other limits of the broker counts as the nearest that they allow.
 */
public final class GroupOverrides {

    public static final String SESSION_TIMEOUT = "consumer.session.timeout.ms";
    public static final String HEARTBEAT_INTERVAL = "consumer.heartbeat.interval.ms";
    public static final String ASSIGNMENT_INTERVAL = "consumer.assignment.interval.ms";

    /** A config of a group, and the keys of the broker with its default and its limits. */
    private record Key(String name, String byDefault, String min, String max) {}

    private static final List<Key> KEYS = List.of(
            new Key(
                    SESSION_TIMEOUT,
                    ConsumerGroupConfig.SESSION_TIMEOUT,
                    ConsumerGroupConfig.SESSION_TIMEOUT_MIN,
                    ConsumerGroupConfig.SESSION_TIMEOUT_MAX),
            new Key(
                    HEARTBEAT_INTERVAL,
                    ConsumerGroupConfig.HEARTBEAT_INTERVAL,
                    ConsumerGroupConfig.HEARTBEAT_INTERVAL_MIN,
                    ConsumerGroupConfig.HEARTBEAT_INTERVAL_MAX),
            new Key(
                    ASSIGNMENT_INTERVAL,
                    ConsumerGroupConfig.ASSIGNMENT_INTERVAL,
                    ConsumerGroupConfig.ASSIGNMENT_INTERVAL_MIN,
                    ConsumerGroupConfig.ASSIGNMENT_INTERVAL_MAX));

    private static final ConfigTable TABLE = new ConfigTable("group");

    static {
        dynamic(SESSION_TIMEOUT, 45_000, "Milliseconds that a member lives without a heartbeat.");
        dynamic(HEARTBEAT_INTERVAL, 5_000, "Milliseconds that members let pass between heartbeats.");
        dynamic(ASSIGNMENT_INTERVAL, 1_000, "Milliseconds that an assignment stands before there is another.");
    }

    private GroupOverrides() {}

    private static void dynamic(String name, int byDefault, String documentation) {
        TABLE.dynamic(name, ConfigDef.Type.INT, byDefault, atLeast(0), documentation);
    }

    public static ConfigTable table() {
        return TABLE;
    }

    /** The config of the broker that gives the default of a config of a group. */
    public static String brokerConfig(String name) {
        return key(name).byDefault();
    }

    /**
     * What counts for a group.
     *
     * @param set what the group has for itself
     */
    public static int value(String name, Map<String, String> set, ConsumerGroupConfig broker) {
        Key key = key(name);
        String own = set.get(name);
        return own == null
                ? broker.number(key.byDefault())
                : Math.clamp(Integer.parseInt(own), broker.number(key.min()), broker.number(key.max()));
    }

    /** What is wrong with configs to be set; null if nothing is. */
    static @Nullable String problem(Map<String, String> set, ConsumerGroupConfig broker) {
        String problem = TABLE.problem(set);
        if (problem != null) {
            return problem;
        }
        for (Key key : KEYS) {
            String own = set.get(key.name());
            if (own != null && value(key.name(), set, broker) != Integer.parseInt(own)) {
                return key.name() + " must be within " + key.min() + " and " + key.max() + " of the broker, "
                        + broker.number(key.min()) + " and " + broker.number(key.max()) + ", but was " + own + ".";
            }
        }
        return value(SESSION_TIMEOUT, set, broker) <= value(HEARTBEAT_INTERVAL, set, broker)
                ? SESSION_TIMEOUT + " must be above " + HEARTBEAT_INTERVAL + "."
                : null;
    }

    private static Key key(String name) {
        for (Key key : KEYS) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        throw new IllegalArgumentException("no config of groups is named " + name);
    }
}
