package io.millrace.connector.jdbc;

import io.millrace.connector.tables.Dialect;
import io.millrace.connector.tables.TableSinkConnector;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Writes into tables of a PostgreSQL database. Its keys: {@link JdbcConfig}. */
public final class JdbcSinkConnector extends TableSinkConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return JdbcSinkTask.class;
    }

    @Override
    public ConfigDef config() {
        return JdbcConfig.keys();
    }

    @Override
    protected Map<String, String> problems(Map<String, String> settings) {
        String refused = JdbcConfig.refused(settings.keySet());
        return refused == null
                ? super.problems(settings)
                : Map.of(JdbcConfig.URL, "besides, " + refused + " " + JdbcConfig.REASON);
    }

    @Override
    protected Dialect dialect(Map<String, String> settings) {
        return JdbcSinkTask.database(settings);
    }
}
