package io.millrace.connector.duckdb;

import io.millrace.connector.tables.Dialect;
import io.millrace.connector.tables.TableSinkTask;
import java.util.Map;

/** Writes into one DuckDB file; tasks of the same file in one process take turns. */
public final class DuckDbSinkTask extends TableSinkTask {

    static Dialect database(Map<String, String> settings) {
        return new DuckDbDialect(new DuckDbConfig(settings));
    }

    @Override
    protected Dialect dialect(Map<String, String> settings) {
        return database(settings);
    }
}
