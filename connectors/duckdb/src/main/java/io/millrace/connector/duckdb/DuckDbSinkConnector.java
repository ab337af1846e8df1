package io.millrace.connector.duckdb;

import io.millrace.connector.tables.Dialect;
import io.millrace.connector.tables.TableSinkConnector;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Keeps current tables in a DuckDB file. Its keys: {@link DuckDbConfig}. */
public final class DuckDbSinkConnector extends TableSinkConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return DuckDbSinkTask.class;
    }

    @Override
    public ConfigDef config() {
        return DuckDbConfig.keys();
    }

    @Override
    protected Dialect dialect(Map<String, String> settings) {
        return DuckDbSinkTask.database(settings);
    }
}
