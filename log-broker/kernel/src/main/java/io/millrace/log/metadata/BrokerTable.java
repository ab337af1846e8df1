package io.millrace.log.metadata;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import org.apache.kafka.common.config.ConfigDef;

/**
 * The configs of a broker. Names, types, ranges and defaults are Kafka's, as of 4.3, and so is which of them may be
 * altered while the broker runs; where a default is another one, the text says so. A key that would do nothing is not
 * in the table.
 */
final class BrokerTable {

    private static final int MEBIBYTE = 1 << 20;

    static final ConfigTable TABLE = new ConfigTable("broker");

    static {
        topics();
        logs();
        fetches();
        clients();
        requests();
        quotas();
    }

    private BrokerTable() {}

    private static void topics() {
        TABLE.fixed(
                        BrokerSettings.AUTO_CREATE_TOPICS,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        "Whether a topic that a client names in Metadata is created when there is none.")
                .fixed(
                        BrokerSettings.NUM_PARTITIONS,
                        ConfigDef.Type.INT,
                        1,
                        atLeast(1),
                        "Partitions of a topic that is created without a number of them.")
                .fixed(
                        BrokerSettings.DEFAULT_REPLICATION_FACTOR,
                        ConfigDef.Type.INT,
                        1,
                        atLeast(1),
                        "Replicas of a topic that is created without a number of them.")
                .fixed(BrokerSettings.DELETE_TOPICS, ConfigDef.Type.BOOLEAN, true, "Whether topics may be deleted.");
    }

    private static void logs() {
        TopicKeys.addBrokerDefaults(TABLE);
        TABLE.fixed("log.retention.minutes", ConfigDef.Type.INT, null, "Minutes, where log.retention.ms is not set.")
                .fixed(
                        "log.retention.hours",
                        ConfigDef.Type.INT,
                        168,
                        "Hours, where neither milliseconds nor minutes are set.")
                .fixed("log.roll.hours", ConfigDef.Type.INT, 168, atLeast(1), "Hours, where log.roll.ms is not set.")
                .fixed(
                        "log.roll.jitter.hours",
                        ConfigDef.Type.INT,
                        0,
                        atLeast(0),
                        "Hours, where log.roll.jitter.ms is not set.")
                .fixed(
                        BrokerSettings.RETENTION_CHECK,
                        ConfigDef.Type.LONG,
                        300_000L,
                        atLeast(1),
                        "Milliseconds between two looks for segments that are too old or too many.")
                .dynamic(
                        BrokerSettings.CLEANER_BACKOFF,
                        ConfigDef.Type.LONG,
                        15_000L,
                        atLeast(0),
                        "Milliseconds between two looks for compacted topics that are due.")
                .dynamic(
                        BrokerSettings.PRODUCER_ID_EXPIRATION,
                        ConfigDef.Type.INT,
                        86_400_000,
                        atLeast(1),
                        "Milliseconds after which an idempotent producer that writes nothing is forgotten.");
    }

    private static void fetches() {
        TABLE.fixed(
                BrokerSettings.FETCH_BYTES_MAX,
                ConfigDef.Type.INT,
                55 * MEBIBYTE,
                atLeast(1024),
                "Bytes of records in one answer to a fetch, but for a first batch that is larger.");
        TABLE.fixed(
                BrokerSettings.FETCH_SESSIONS_MAX,
                ConfigDef.Type.INT,
                1000,
                atLeast(0),
                "Fetch sessions that the broker keeps.");
        TABLE.fixed(
                BrokerSettings.PAGE_PARTITIONS_MAX,
                ConfigDef.Type.INT,
                2000,
                atLeast(1),
                "Partitions in one answer to DescribeTopicPartitions.");
    }

    private static void clients() {
        TABLE.dynamic(
                        BrokerSettings.CONNECTIONS_MAX,
                        ConfigDef.Type.INT,
                        4096,
                        atLeast(1),
                        "Connections of the broker; further ones are closed at once. Kafka has no limit by default.")
                .dynamic(
                        BrokerSettings.CONNECTIONS_PER_IP_MAX,
                        ConfigDef.Type.INT,
                        Integer.MAX_VALUE,
                        atLeast(0),
                        "Connections of one address; further ones are closed at once.")
                .dynamic(
                        BrokerSettings.CONNECTIONS_PER_IP_OVERRIDES,
                        ConfigDef.Type.STRING,
                        "",
                        new AddressLimits.Format(),
                        "As max.connections.per.ip for single addresses: address:number, separated by commas.")
                .dynamic(
                        BrokerSettings.CONNECTION_RATE_MAX,
                        ConfigDef.Type.INT,
                        Integer.MAX_VALUE,
                        atLeast(0),
                        "New connections a second; when there are more, accepting pauses.");
    }

    private static void requests() {
        TABLE.fixed(
                        BrokerSettings.CONNECTION_IDLE_MAX,
                        ConfigDef.Type.LONG,
                        600_000L,
                        atLeast(1),
                        "Milliseconds after which a silent client is disconnected.")
                .fixed(
                        BrokerSettings.REQUEST_BYTES_MAX,
                        ConfigDef.Type.INT,
                        100 * MEBIBYTE,
                        atLeast(1),
                        "Largest request; a larger one ends its connection.")
                .fixed(
                        BrokerSettings.QUEUED_BYTES_MAX,
                        ConfigDef.Type.LONG,
                        256L * MEBIBYTE,
                        atLeast(1),
                        "Bytes of requests held in memory before clients are not read from. Kafka has no such limit by"
                                + " default.")
                .fixed(
                        BrokerSettings.IN_FLIGHT_MAX,
                        ConfigDef.Type.INT,
                        64,
                        atLeast(1),
                        "Unanswered requests of one connection before it is not read from. Not a config of Kafka.")
                .fixed(
                        BrokerSettings.UNSENT_BYTES_MAX,
                        ConfigDef.Type.INT,
                        4 * MEBIBYTE,
                        atLeast(1),
                        "Bytes of answers that a client leaves untaken before it is not read from. Not a config of"
                                + " Kafka.");
    }

    private static void quotas() {
        TABLE.fixed(
                        BrokerSettings.QUOTA_SAMPLES,
                        ConfigDef.Type.INT,
                        11,
                        atLeast(1),
                        "Windows over which clients are metered.")
                .fixed(BrokerSettings.QUOTA_WINDOW, ConfigDef.Type.INT, 1, atLeast(1), "Seconds of each such window.")
                .fixed(
                        BrokerSettings.CONTROLLER_QUOTA_SAMPLES,
                        ConfigDef.Type.INT,
                        11,
                        atLeast(1),
                        "Windows over which changes of topics are metered.")
                .fixed(
                        BrokerSettings.CONTROLLER_QUOTA_WINDOW,
                        ConfigDef.Type.INT,
                        1,
                        between(1, 3600),
                        "Seconds of each such window.");
    }
}
