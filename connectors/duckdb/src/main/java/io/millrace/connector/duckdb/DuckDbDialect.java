package io.millrace.connector.duckdb;

import io.millrace.connector.tables.Column;
import io.millrace.connector.tables.ColumnType;
import io.millrace.connector.tables.Dialect;
import io.millrace.connector.tables.FailureKind;
import io.millrace.connector.tables.RowSet;
import io.millrace.connector.tables.Sql;
import io.millrace.connector.tables.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB. Rows go through the appender into a temporary table and from there, set by set, into the target: row-wise
 * statements are many times slower. A replaced row is deleted and added again, and new tables declare no primary
 * key: its index would cost more than half of the write speed and memory for every key, while one writer per file,
 * keys reduced per batch and offsets in the same transaction already keep keys unique.
 *
 * <p>DuckDB itself shares one instance per file within a process; the lock per file makes its writers take turns, so
 * that their transactions never conflict.
 */
final class DuckDbDialect implements Dialect {

    private static final String STAGE = "temp.main.millrace_stage";
    private static final int DECIMAL_DIGITS_MAX = 38;
    private static final int IDENTIFIER_BYTES_MAX = 255;
    private static final Map<Path, Lock> LOCKS = new ConcurrentHashMap<>();

    private final Path file;
    private final String memoryLimit;

    DuckDbDialect(DuckDbConfig config) {
        this.file = config.file();
        this.memoryLimit = config.memoryLimit();
    }

    @Override
    public Connection connect() throws SQLException {
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:" + file, new Properties());
        boolean ready = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET memory_limit = '" + memoryLimit + "'");
            statement.execute("SET TimeZone = 'UTC'");
            connection.setAutoCommit(false);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    @Override
    public Lock transactionLock() {
        return LOCKS.computeIfAbsent(file, _ -> new ReentrantLock());
    }

    @Override
    public String sqlType(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "BOOLEAN";
            case INT8 -> "TINYINT";
            case INT16 -> "SMALLINT";
            case INT32 -> "INTEGER";
            case INT64 -> "BIGINT";
            case FLOAT32 -> "FLOAT";
            case FLOAT64 -> "DOUBLE";
            case DECIMAL -> decimal(type);
            case TEXT, INTERVAL, BITS -> "VARCHAR";
            case BYTES -> "BLOB";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TIME_TZ -> "TIME WITH TIME ZONE";
            case TIMESTAMP -> "TIMESTAMP";
            case TIMESTAMP_NANOS -> "TIMESTAMP_NS";
            case TIMESTAMP_TZ -> "TIMESTAMP WITH TIME ZONE";
            case UUID -> "UUID";
            case JSON -> "JSON";
            case ARRAY -> sqlType(type.requiredElement()) + "[]";
        };
    }

    private static String decimal(ColumnType type) {
        int precision = type.precision() == 0 ? DECIMAL_DIGITS_MAX : Math.max(type.precision(), type.scale());
        return isText(type) ? "VARCHAR" : "DECIMAL(" + precision + "," + type.scale() + ")";
    }

    /** Whether a decimal has more digits than DuckDB's, or no fixed scale, and is kept as text. */
    static boolean isText(ColumnType decimal) {
        return decimal.scale() < 0 || decimal.scale() > DECIMAL_DIGITS_MAX || decimal.precision() > DECIMAL_DIGITS_MAX;
    }

    @Override
    public String keyClause(String quotedKeyColumns) {
        return "";
    }

    @Override
    public Map<String, String> columns(Connection connection, TableName table) throws SQLException {
        String sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database()"
                + " AND schema_name = coalesce(?, current_schema()) AND lower(table_name) = lower(?)"
                + " ORDER BY column_index";
        Map<String, String> columns = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return columns;
    }

    @Override
    public boolean ignoresCase() {
        return true;
    }

    @Override
    public int identifierBytesMax() {
        return IDENTIFIER_BYTES_MAX;
    }

    @Override
    public void write(Connection connection, RowSet rows) throws SQLException {
        stage(connection, rows);
        try (Statement statement = connection.createStatement()) {
            switch (rows.operation()) {
                case INSERT -> statement.execute(Sql.insertFrom(STAGE, rows));
                case DELETE -> statement.execute(Sql.deleteFrom(STAGE, rows));
                case UPDATE -> update(statement, rows);
                case UPSERT -> upsert(statement, rows);
            }
        }
    }

    private static void update(Statement statement, RowSet rows) throws SQLException {
        if (!Sql.values(rows.columns()).isEmpty()) {
            statement.execute(Sql.updateFrom(STAGE, rows));
        }
    }

    private static void upsert(Statement statement, RowSet rows) throws SQLException {
        if (rows.complete()) {
            statement.execute(Sql.deleteFrom(STAGE, rows));
            statement.execute(Sql.insertFrom(STAGE, rows));
            return;
        }
        update(statement, rows);
        String source = Sql.each(rows.columns(), column -> "s." + Sql.quote(column.name()), ", ");
        statement.execute("INSERT INTO " + rows.table().sql() + " (" + Sql.names(rows.columns()) + ") SELECT " + source
                + " FROM " + STAGE + " s WHERE NOT EXISTS (SELECT 1 FROM "
                + rows.table().sql() + " t WHERE "
                + Sql.sameKey(rows) + ")");
    }

    private void stage(Connection connection, RowSet rows) throws SQLException {
        String columns =
                Sql.each(rows.columns(), column -> Sql.quote(column.name()) + " " + sqlType(column.type()), ", ");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE OR REPLACE TEMP TABLE millrace_stage (" + columns + ")");
        }
        try (DuckDBAppender appender =
                connection.unwrap(DuckDBConnection.class).createAppender("temp", "main", "millrace_stage")) {
            Column[] layout = rows.columns().toArray(Column[]::new);
            for (@Nullable Object[] row : rows.rows()) {
                appender.beginRow();
                for (int i = 0; i < layout.length; i++) {
                    DuckDbValues.append(appender, layout[i].type(), row[i]);
                }
                appender.endRow();
            }
        }
    }

    @Override
    public FailureKind kindOf(SQLException failure) {
        return DuckDbFailures.kindOf(failure);
    }

    @Override
    public String explain(SQLException failure) {
        return DuckDbFailures.explain(failure, file);
    }
}
