package io.millrace.connector.cdc;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;

/**
 * Change data capture from PostgreSQL: a snapshot of every captured table, then every committed change.
 *
 * <p>Debezium reads the database; its config keys work verbatim. This connector adds defaults fit for low latency and a
 * slot that moves on by itself, checks with their repair, positions that lose nothing, and flat rows as the bundled
 * sinks take them. README.md tells all of it.
 *
 * <p>Life cycle: {@link #validate} reads the config only, never the database, so that a connector can be made while its
 * database is down; the one task then says what is wrong. Thread rule: one method at a time.
 */
public final class PostgresCdcSourceConnector extends PostgresConnector {

    /** The connector; configured by {@link #start}. */
    public PostgresCdcSourceConnector() {}

    /**
     * Drops the replication slot and the publication that a connector with this config uses. Run it after the connector
     * is deleted: a slot that nobody reads makes the server keep its write-ahead log for ever.
     *
     * @throws org.apache.kafka.connect.errors.ConnectException when the server cannot be reached or refuses, as it does
     *     while the slot is in use
     */
    public static void dropSlotAndPublication(Map<String, String> config) {
        try (PostgresServer server = PostgresServer.connect(CdcConfig.from(config))) {
            server.dropSlotAndPublication();
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return PostgresCdcSourceTask.class;
    }

    @Override
    public ConfigDef config() {
        return CdcConfig.definition();
    }

    @Override
    public Config validate(Map<String, String> props) {
        Map<String, String> all = CdcConfig.withDefaults(props);
        List<ConfigValue> values = new ArrayList<>(super.validate(all).configValues());
        values.addAll(CdcConfig.OWN_KEYS.validate(props));
        try {
            CdcConfig.requireSafe(all);
        } catch (ConfigException e) {
            values.stream()
                    .filter(value -> Objects.requireNonNull(e.getMessage()).contains(value.name()))
                    .forEach(value -> value.addErrorMessage(e.getMessage()));
        }
        return new Config(values);
    }

    /** Nothing: a database that is down now may be up when the task starts, which then checks it. */
    @Override
    protected void validateConnection(Map<String, ConfigValue> configValues, Configuration config) {}

    /** At least once: a transaction that was under way at a crash comes again, whole. */
    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        return ExactlyOnceSupport.UNSUPPORTED;
    }

    @Override
    public String version() {
        return pluginVersion();
    }

    static String pluginVersion() {
        return Objects.requireNonNullElse(
                PostgresCdcSourceConnector.class.getPackage().getImplementationVersion(), "unpackaged");
    }
}
