package io.millrace.connector.jdbc;

import io.millrace.connector.tables.Dialect;
import io.millrace.connector.tables.TableSinkTask;
import java.util.Map;

/** Writes into one PostgreSQL database over one connection. */
public final class JdbcSinkTask extends TableSinkTask {

    static Dialect database(Map<String, String> settings) {
        return new PostgresDialect(new JdbcConfig(settings));
    }

    @Override
    protected Dialect dialect(Map<String, String> settings) {
        return database(settings);
    }
}
