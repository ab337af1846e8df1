package io.millrace.connector.tables;

import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.jspecify.annotations.Nullable;

/**
 * A sink into tables: hands its settings to every task unchanged, and moves the offsets stored beside the data when an
 * operator moves the connector's offsets.
 */
public abstract class TableSinkConnector extends SinkConnector {

    private static final String NAME = "name";

    private @Nullable Map<String, String> settings;

    /** The database that the settings name. */
    protected abstract Dialect dialect(Map<String, String> settings);

    @Override
    public final void start(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    @Override
    public final List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, settings == null ? Map.of() : settings);
    }

    @Override
    public final void stop() {
        settings = null;
    }

    @Override
    public String version() {
        return versionOf(getClass());
    }

    /** Besides each key by itself, checks the combinations that cannot work. */
    @Override
    public Config validate(Map<String, String> settings) {
        Config validated = super.validate(settings);
        boolean valid = validated.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty());
        if (valid) {
            problems(settings).forEach((key, problem) -> blame(validated, key, problem));
        }
        return validated;
    }

    /** Combinations of valid keys that cannot work: the key to blame, and what is wrong. */
    protected Map<String, String> problems(Map<String, String> settings) {
        return TableSinkConfig.problems(new AbstractConfig(TableSinkConfig.keys(), settings));
    }

    private static void blame(Config validated, String key, String problem) {
        for (ConfigValue value : validated.configValues()) {
            if (value.name().equals(key)) {
                value.addErrorMessage("Invalid value " + value.value() + " for configuration " + key + ": " + problem);
            }
        }
    }

    /** Moves the offsets that are stored with the data; they win over the group's when a task starts. */
    @Override
    public final boolean alterOffsets(Map<String, String> settings, Map<TopicPartition, Long> offsets) {
        Dialect dialect = dialect(settings);
        TableWriter writer = new TableWriter(dialect, new TableSinkConfig(settings), nameIn(settings));
        try {
            writer.set(offsets);
        } catch (SQLException e) {
            throw new ConnectException("the stored offsets could not be changed: " + dialect.explain(e), e);
        } finally {
            writer.disconnect();
        }
        return true;
    }

    static String nameIn(Map<String, String> settings) {
        String name = settings.get(NAME);
        if (name == null || name.isBlank()) {
            throw new ConnectException("the connector has no name: its offsets are stored under it");
        }
        return name;
    }

    static String versionOf(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public abstract ConfigDef config();
}
